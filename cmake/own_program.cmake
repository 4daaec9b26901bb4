# How ae's own programs are compiled; none of this reaches a program that uses ae.
add_library(ae_own INTERFACE)
target_link_libraries(ae_own INTERFACE ae::ae)
target_compile_options(ae_own INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialised values in its own AVX-512 headers (GCC bug 105593), and strings that
  # overlap in its own operator + (GCC bug 105651).
  target_compile_options(ae_own INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized -Wno-restrict)
  # Below so many KiB it does not look for memory to use again, which takes a tenth of its time and
  # gives back a fifth of a gigabyte.
  target_compile_options(ae_own INTERFACE --param=ggc-min-heapsize=1048576)
endif()
if(AE_MARCH)
  target_compile_options(ae_own INTERFACE -march=${AE_MARCH})
endif()
if(AE_PLAIN_PRODUCT)
  target_compile_definitions(ae_own INTERFACE AE_PLAIN_PRODUCT)
endif()

# The compiled library with these flags: programs that link it instead build faster.
ae_compiled_library(ae_own_compiled ae_own)
target_precompile_headers(ae_own_compiled PRIVATE <Eigen/Core> <string> <vector>)

# What is held to more: the headers, and programs that are compiled from them.
add_library(ae_strict INTERFACE)
target_compile_options(
  ae_strict INTERFACE -Wsign-conversion -Wold-style-cast -Wdouble-promotion
                      $<$<CXX_COMPILER_ID:GNU>:-Wuseless-cast>)
