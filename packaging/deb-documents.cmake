# The licence and the changes, where Debian wants them; run by cpack as it gathers the files.
set(documents ${CMAKE_INSTALL_PREFIX}/share/doc/libae-dev)
file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/../LICENSE ${documents}/copyright)
