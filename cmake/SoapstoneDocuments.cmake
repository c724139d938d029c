# SPDX-License-Identifier: BSD-3-Clause
# The manual page and the completions of bash and zsh, which the program itself prints. They are made by `cmake --install`, not by
# the build: some clusters do not let MPI programs start where they are built, and then the installation only lacks these files.
function(soapstone_install_document arguments destination name)
  string(REPLACE ";" " " words "${arguments}")
  install(CODE "
    execute_process(COMMAND \"$<TARGET_FILE:soapstone>\" ${words} OUTPUT_FILE \"${PROJECT_BINARY_DIR}/documents/${name}\"
                    RESULT_VARIABLE result ERROR_QUIET)
    if(result EQUAL 0)
      file(INSTALL \"${PROJECT_BINARY_DIR}/documents/${name}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${destination}\")
    else()
      message(WARNING \"soapstone ${words} failed (\${result}); ${destination}/${name} is not installed\")
    endif()" COMPONENT runtime)
endfunction()

if(TARGET soapstone)
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/documents")
  soapstone_install_document("man" "${CMAKE_INSTALL_MANDIR}/man1" soapstone.1)
  soapstone_install_document("completion;bash" "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" soapstone)
  soapstone_install_document("completion;zsh" "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" _soapstone)
endif()
