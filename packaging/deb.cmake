# `cpack` in the build folder makes a package for Debian and Ubuntu of what is installed.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libae-dev)
set(CPACK_PACKAGE_CONTACT "The ae authors <ae@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libeigen3-dev (>= 3.4)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nlohmann-json3-dev)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libstb-dev, zlib1g-dev, libopenmpi-dev | libmpich-dev")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "autoencoders for C++20 (header-only)")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "It trains autoencoders, uses them and writes them to files: denoising, sparse,
contractive, tied and variational ones, on all cores. It needs Eigen, and
nlohmann/json for files of models.")
if(NOT AE_COMPILED AND NOT AE_INSTALL_PROGRAMS)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
endif()
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/deb-documents.cmake)
set(CPACK_VERBATIM_VARIABLES TRUE)
include(CPack)
