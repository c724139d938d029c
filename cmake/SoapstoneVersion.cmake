# SPDX-License-Identifier: BSD-3-Clause
# Tells src/options/about.cpp, and nothing else, how the program is built. Include after the room options.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_target_property(shared_flags soapstone_flags INTERFACE_COMPILE_OPTIONS)
set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${shared_flags}")
string(REGEX REPLACE "[; ]+" " " flags "${flags}")
string(STRIP "${flags}" flags)
set_property(SOURCE "${PROJECT_SOURCE_DIR}/src/options/about.cpp" APPEND PROPERTY COMPILE_DEFINITIONS
  "SOAPSTONE_VERSION=\"${PROJECT_VERSION}\"" "SOAPSTONE_BUILD_TYPE=\"${CMAKE_BUILD_TYPE}\""
  "SOAPSTONE_HDF5=\"${HDF5_VERSION} (parallel)\""
  "SOAPSTONE_BUILD_FLAGS=\"${flags}\"" "SOAPSTONE_COMPILER=\"${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}\"")
