# Each package is taken as the project around ae has it, or from the system, or fetched at a pinned version where
# the network allows. All are headers, so nothing of theirs is built: their own build files, with options, targets
# and rules to install, never run. The last word is the folder that holds the headers.
set(ae_Eigen3 https://gitlab.com/libeigen/eigen.git 3.4.0 .)
set(ae_doctest https://github.com/doctest/doctest.git v2.4.11 .)
set(ae_CLI11 https://github.com/CLIUtils/CLI11.git v2.3.2 include)
set(ae_nlohmann_json https://github.com/nlohmann/json.git v3.11.2 include)
set(ae_stb https://github.com/nothings/stb.git 5736b15f7ea0ffb08dd38af21067c314d6a3aae9 .)

function(ae_fetch package target repository version folder)
  include(FetchContent)
  message(STATUS "${package} is not installed: fetching ${version} of ${repository}")
  if(version MATCHES "^v?[0-9]+[.]")  # a tag, which needs no history
    set(shallow GIT_SHALLOW TRUE)
  endif()
  # A SOURCE_SUBDIR that does not exist: the sources are there, and none of their CMakeLists.txt is read.
  FetchContent_Declare(ae_${package} GIT_REPOSITORY ${repository} GIT_TAG ${version} ${shallow}
                                     SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(ae_${package})
  string(TOLOWER ae_${package} name)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE ${${name}_SOURCE_DIR}/${folder})
endfunction()

# ae_find(package target)
macro(ae_find package target)
  if(NOT TARGET ${target})
    find_package(${package} QUIET)
  endif()
  if(NOT TARGET ${target})
    ae_fetch(${package} ${target} ${ae_${package}})
  endif()
endmacro()

# stb has no package of its own for CMake: headers that are found or, for ae's own programs, fetched.
macro(ae_find_stb)
  find_path(AE_STB_INCLUDE stb_image.h PATH_SUFFIXES stb)
  if(AE_STB_INCLUDE)
    add_library(ae_stb INTERFACE IMPORTED)
    target_include_directories(ae_stb SYSTEM INTERFACE ${AE_STB_INCLUDE})
  elseif(AE_BUILD)
    ae_fetch(stb ae_stb ${ae_stb})
  endif()
endmacro()
