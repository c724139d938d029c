# SPDX-License-Identifier: BSD-3-Clause
# The rooms as the targets say they are, one line each: "room: what it links". src/rooms.svg is drawn from it:
#   cmake --build --preset release --target diagram
get_property(rooms GLOBAL PROPERTY SOAPSTONE_ROOMS)
set(lines "")
foreach(room IN LISTS rooms)
  get_target_property(links soapstone_${room} INTERFACE_LINK_LIBRARIES)
  set(names "")
  foreach(link IN LISTS links)
    if(TARGET "${link}" AND NOT link MATCHES "soapstone_options")
      string(APPEND names " ${link}")
    endif()
  endforeach()
  string(APPEND lines "${room}:${names}\n")
endforeach()
file(WRITE "${PROJECT_BINARY_DIR}/rooms.txt" "${lines}")

include(SoapstonePython)
add_custom_target(diagram COMMAND "${SOAPSTONE_PYTHON}" "${PROJECT_SOURCE_DIR}/scripts/checks/draw_rooms.py" "${PROJECT_BINARY_DIR}/rooms.txt"
                          "${PROJECT_SOURCE_DIR}/src/rooms.svg" VERBATIM)
