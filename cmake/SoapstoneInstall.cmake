# SPDX-License-Identifier: BSD-3-Clause
# Component runtime: the program, and what a user finds beside it in share/soapstone: the inputs, and the scripts that need no clone.
# Component devel: libraries, headers and a package that find_package(soapstone) finds. The rooms of the program alone are left out:
# watchdog has functions of MPI's names, which no library may bring into the programs of others.
include(CMakePackageConfigHelpers)
get_property(rooms GLOBAL PROPERTY SOAPSTONE_ROOMS)
set(program_rooms app watchdog)
list(REMOVE_ITEM rooms ${program_rooms})
list(TRANSFORM rooms PREPEND soapstone_ OUTPUT_VARIABLE room_targets)

install(TARGETS ${room_targets} EXPORT soapstoneTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT devel)
if(TARGET soapstone)
  install(TARGETS soapstone RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
endif()
list(JOIN program_rooms "|" program_rooms)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/soapstone" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT devel
        REGEX "/soapstone/(${program_rooms})$" EXCLUDE)

set(data_dir "${CMAKE_INSTALL_DATADIR}/soapstone")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/inputs" DESTINATION ${data_dir} COMPONENT runtime)
install(PROGRAMS "${PROJECT_SOURCE_DIR}/scripts/plot.py" DESTINATION ${data_dir}/scripts COMPONENT runtime)
install(PROGRAMS "${PROJECT_SOURCE_DIR}/scripts/data/split_xyz.py" DESTINATION ${data_dir}/scripts/data COMPONENT runtime)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/scripts/plotting" "${PROJECT_SOURCE_DIR}/scripts/slurm" DESTINATION ${data_dir}/scripts
        USE_SOURCE_PERMISSIONS COMPONENT runtime PATTERN "__pycache__" EXCLUDE)
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CITATION.cff" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/soapstone")
install(EXPORT soapstoneTargets NAMESPACE soapstone:: DESTINATION ${package_dir} COMPONENT devel)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/soapstoneConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/soapstoneConfig.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/soapstoneConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/soapstoneConfig.cmake" "${PROJECT_BINARY_DIR}/soapstoneConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindScaLAPACK.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindLBFGS.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/SoapstoneDependencies.cmake"
        DESTINATION ${package_dir} COMPONENT devel)
