# SPDX-License-Identifier: BSD-3-Clause
# Program, libraries, headers and a package that find_package(soapstone) finds.
include(CMakePackageConfigHelpers)
get_property(rooms GLOBAL PROPERTY SOAPSTONE_ROOMS)
list(TRANSFORM rooms PREPEND soapstone_ OUTPUT_VARIABLE room_targets)

install(TARGETS ${room_targets} EXPORT soapstoneTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET soapstone)
  install(TARGETS soapstone RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/soapstone" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/soapstone")
install(EXPORT soapstoneTargets NAMESPACE soapstone:: DESTINATION ${package_dir})
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/soapstoneConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/soapstoneConfig.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/soapstoneConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/soapstoneConfig.cmake" "${PROJECT_BINARY_DIR}/soapstoneConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/FindScaLAPACK.cmake" "${PROJECT_SOURCE_DIR}/cmake/FindLBFGS.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/SoapstoneDependencies.cmake"
        DESTINATION ${package_dir})
