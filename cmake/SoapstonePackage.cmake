# SPDX-License-Identifier: BSD-3-Clause
# Debian packages: `cpack -G DEB` in a build folder, `cmake --workflow --preset deb` from the sources (any x86-64-v3 CPU).
#   soapstone          component runtime: all that running it takes
#   libsoapstone-dev   component devel: what other programs are built with
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL runtime devel)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_BINARY_DIR}/DebianStaging.cmake")

# No address of a person: whoever hands a package on sets CPACK_PACKAGE_CONTACT to "Name <address>".
if(NOT CPACK_PACKAGE_CONTACT)
  file(STRINGS "${PROJECT_SOURCE_DIR}/CITATION.cff" author REGEX "^ +- name: " LIMIT_COUNT 1)
  string(REGEX REPLACE "^ +- name: +" "" author "${author}")
  set(CPACK_PACKAGE_CONTACT "${author} <developers@soapstone.invalid>")
endif()
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

if(SOAPSTONE_NATIVE)
  set(cpu "This package was compiled for CPUs like the one that compiled it.\nIt is not for other machines: those need the preset deb.")
else()
  set(cpu "Needs a CPU with AVX2 and FMA (x86-64-v3; nearly all since 2015).")
endif()
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME soapstone)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# ScaLAPACK asks for any libblas.so.3; the reference BLAS would be twenty times slower. Any variant of OpenBLAS will do, since all of
# the program's libraries find it by that name.
if(SCALAPACK_MPI_IS_OPENMPI)
  set(launcher openmpi-bin)
else()
  set(launcher mpich)
endif()
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "libopenblas0, ${launcher}")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "python3, python3-h5py, python3-matplotlib, python3-numpy")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "libsoapstone-dev, python3-ase")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "Learns energies of molecules and crystals from SOAP features of atomic
environments. The radial weighting of neighbours and the similarity of
chemical elements are optimised as part of the model. Runs on any number of
MPI ranks.
.
${cpu}
.
/usr/share/soapstone has input files, data and scripts for plots and Slurm.")

# What the build needs is what building on top of it needs: the -dev packages of the list that is kept in one place.
file(READ "${PROJECT_SOURCE_DIR}/scripts/install_dependencies.sh" dependencies)
string(REGEX MATCH "build_packages=\\(([^)]*)\\)" dependencies "${dependencies}")
string(REGEX MATCHALL "[a-z0-9.+-]+-dev" dependencies "${CMAKE_MATCH_1}")
list(JOIN dependencies ", " dependencies)
set(CPACK_DEBIAN_DEVEL_PACKAGE_NAME libsoapstone-dev)
set(CPACK_DEBIAN_DEVEL_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVEL_PACKAGE_DEPENDS "${dependencies}")
set(CPACK_DEBIAN_DEVEL_PACKAGE_SUGGESTS "cmake")
set(CPACK_DEBIAN_DEVEL_DESCRIPTION "Static libraries, C++20 headers and a CMake package, find_package(soapstone),
of the kernel ridge regression that the program soapstone runs.
.
${cpu}")

# The licence in the form that Debian's tools read.
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" licence)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]*)" copyright "${licence}")
set(copyright "${CMAKE_MATCH_1}")
string(REGEX REPLACE "\n+$" "" licence "${licence}")
string(REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REPLACE "\n" "\n " licence " ${licence}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/DebianCopyright.in" "${PROJECT_BINARY_DIR}/copyright" @ONLY)
configure_file("${PROJECT_SOURCE_DIR}/cmake/DebianStaging.cmake.in" "${PROJECT_BINARY_DIR}/DebianStaging.cmake" @ONLY)
include(CPack)
