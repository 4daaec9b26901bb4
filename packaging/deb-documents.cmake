# The licence and the changes, where Debian wants them; run by cpack once it has gathered the files.
set(documents ${CPACK_TEMPORARY_DIRECTORY}/usr/share/doc/libae-dev)
set(root ${CMAKE_CURRENT_LIST_DIR}/..)
file(MAKE_DIRECTORY ${documents})
file(COPY_FILE ${root}/LICENSE ${documents}/copyright)
execute_process(COMMAND gzip -9 -n -c ${root}/CHANGELOG.md OUTPUT_FILE ${documents}/changelog.gz
                COMMAND_ERROR_IS_FATAL ANY)
