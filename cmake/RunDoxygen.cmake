# SPDX-License-Identifier: BSD-3-Clause
# cmake -D DOXYGEN=... -D DOXYFILE=... -D LOG=... -P RunDoxygen.cmake: see SoapstoneDocs.cmake. Doxygen cannot ask for words about
# classes and functions and not about their members, so its warnings are sorted here.
get_filename_component(folder "${LOG}" DIRECTORY)
file(MAKE_DIRECTORY "${folder}")
execute_process(COMMAND "${DOXYGEN}" "${DOXYFILE}" RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${DOXYGEN} failed: ${result}")
endif()
file(STRINGS "${LOG}" warnings)
list(FILTER warnings EXCLUDE REGEX "of (class|struct) [^ ]+ is not documented")
list(LENGTH warnings count)
if(count)
  list(JOIN warnings "\n" text)
  message(FATAL_ERROR "Doxygen warns:\n${text}")
endif()
