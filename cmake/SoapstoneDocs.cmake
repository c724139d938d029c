# SPDX-License-Identifier: BSD-3-Clause
# Target `docs`: the public headers as HTML in <build>/docs/html. Not part of `all`. Warnings are errors, and so is a class or a
# function of a namespace without a word about it; members of a documented class may speak for themselves.
find_program(SOAPSTONE_DOXYGEN doxygen)
if(SOAPSTONE_DOXYGEN)
  set(SOAPSTONE_DOCS_LOG "${PROJECT_BINARY_DIR}/docs/warnings.txt")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/Doxyfile.in" "${PROJECT_BINARY_DIR}/Doxyfile" @ONLY)
  add_custom_target(docs
    COMMAND "${CMAKE_COMMAND}" -D "DOXYGEN=${SOAPSTONE_DOXYGEN}" -D "DOXYFILE=${PROJECT_BINARY_DIR}/Doxyfile"
            -D "LOG=${SOAPSTONE_DOCS_LOG}" -P "${PROJECT_SOURCE_DIR}/cmake/RunDoxygen.cmake"
    COMMENT "Documentation of the headers in docs/html/index.html" VERBATIM)
else()
  add_custom_target(docs
    COMMAND "${CMAKE_COMMAND}" -E echo "docs needs Doxygen: scripts/install_dependencies.sh --docs, then configure again"
    COMMAND "${CMAKE_COMMAND}" -E false VERBATIM)
endif()
