# SPDX-License-Identifier: BSD-3-Clause
# External packages, each reduced to one imported target.
find_package(MPI REQUIRED COMPONENTS CXX)
find_package(ScaLAPACK REQUIRED)
find_package(LibArchive REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.70 REQUIRED COMPONENTS program_options)
find_package(nlohmann_json 3.9 REQUIRED)
find_package(LBFGS REQUIRED)

set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 1.10 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "soapstone needs HDF5 built with MPI (Debian: libhdf5-openmpi-dev). "
                      "Found a serial one: ${HDF5_C_LIBRARIES}. Set HDF5_ROOT to a parallel build.")
endif()
if(NOT TARGET HDF5::soapstone)
  add_library(HDF5::soapstone INTERFACE IMPORTED)
  target_include_directories(HDF5::soapstone SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
  target_link_libraries(HDF5::soapstone INTERFACE ${HDF5_C_LIBRARIES} MPI::MPI_CXX)
endif()
