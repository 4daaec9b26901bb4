# What `cmake --install` and the packages made from it have: the headers, the packages for CMake and pkg-config, and
# ae::compiled if asked. All paths in them are relative, so that the folder can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_DATADIR}/cmake/ae)

# What headers include for themselves alone does not compile alone, so CMake is not to try that.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.hpp)
file(GLOB_RECURSE pieces CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.inc
     ${PROJECT_SOURCE_DIR}/include/*-inl.hpp)
list(REMOVE_ITEM headers ${pieces})
target_sources(
  ae
  INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers}
  INTERFACE FILE_SET ae_pieces TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${pieces})
set_target_properties(ae PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
# CMake before 3.23 reads no sets of headers, so the folder is named too.
target_include_directories(ae INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS ae EXPORT ae_targets FILE_SET HEADERS FILE_SET ae_pieces)
install(EXPORT ae_targets FILE aeTargets.cmake NAMESPACE ae:: DESTINATION ${package})

if(AE_COMPILED)
  set_target_properties(ae_compiled PROPERTIES EXPORT_NAME compiled EXCLUDE_FROM_ALL OFF)
  install(TARGETS ae_compiled EXPORT ae_compiled_targets)
  install(EXPORT ae_compiled_targets FILE aeCompiledTargets.cmake NAMESPACE ae::
          DESTINATION ${package})
endif()

set(AE_HAS_OPENMP OFF)
if(TARGET OpenMP::OpenMP_CXX)
  set(AE_HAS_OPENMP ON)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/aeConfig.cmake.in ${PROJECT_BINARY_DIR}/aeConfig.cmake
               @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/aeConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/aeConfig.cmake ${PROJECT_BINARY_DIR}/aeConfigVersion.cmake
        DESTINATION ${package})

set(pkgconfig ${CMAKE_INSTALL_DATADIR}/pkgconfig)
cmake_path(ABSOLUTE_PATH pkgconfig BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE from)
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_INCLUDEDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
           OUTPUT_VARIABLE to)
file(RELATIVE_PATH AE_INCLUDE_FROM_PC ${from} ${to})
configure_file(${PROJECT_SOURCE_DIR}/cmake/ae.pc.in ${PROJECT_BINARY_DIR}/ae.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ae.pc DESTINATION ${pkgconfig})

if(PROJECT_IS_TOP_LEVEL)
  include(${PROJECT_SOURCE_DIR}/packaging/deb.cmake)
endif()
