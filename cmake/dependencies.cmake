# Each package is taken from the system where it is installed, and fetched at a pinned version where
# it is not and the network allows.
include(FetchContent)

set(ae_Eigen3 https://gitlab.com/libeigen/eigen.git 3.4.0)
set(ae_doctest https://github.com/doctest/doctest.git v2.4.11)
set(ae_CLI11 https://github.com/CLIUtils/CLI11.git v2.3.2)
set(ae_nlohmann_json https://github.com/nlohmann/json.git v3.11.2)
set(ae_stb https://github.com/nothings/stb.git 5736b15f7ea0ffb08dd38af21067c314d6a3aae9)

function(ae_fetch package repository version)
  message(STATUS "${package} is not installed: fetching ${version} of ${repository}")
  set(BUILD_TESTING OFF)
  set(EIGEN_BUILD_DOC OFF)
  set(DOCTEST_WITH_TESTS OFF)
  FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${version} SYSTEM)
  FetchContent_MakeAvailable(${package})
endfunction()

macro(ae_find package)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    ae_fetch(${package} ${ae_${package}})
  endif()
endmacro()

# stb has no package of its own for CMake: a header that is found, or fetched.
function(ae_find_stb target)
  find_path(AE_STB_INCLUDE stb_image_write.h PATH_SUFFIXES stb)
  if(NOT AE_STB_INCLUDE)
    ae_fetch(stb ${ae_stb})
    FetchContent_GetProperties(stb SOURCE_DIR AE_STB_INCLUDE)
  endif()
  add_library(${target} INTERFACE)
  target_include_directories(${target} SYSTEM INTERFACE ${AE_STB_INCLUDE})
endfunction()
