# SPDX-License-Identifier: BSD-3-Clause
# Finds ScaLAPACK with the LAPACK and BLAS it stands on, and proves by a link test that they work with the MPI in use.
#
#   ScaLAPACK::ScaLAPACK   imported target: ScaLAPACK, LAPACK, BLAS, MPI
#   ScaLAPACK_FOUND        and ScaLAPACK_PROVIDER: where it was found
#
# Looked for in this order, all with 32-bit integers (LP64):
#   SCALAPACK_LIBRARIES    set by the user: everything to link, in order (LAPACK_LIBRARIES and BLAS_LIBRARIES are added if set)
#   MKLROOT                Intel MKL, sequential, BLACS for the MPI in use
#   Cray                   the compiler wrappers (cc, CC) link LibSci by themselves; else CRAY_LIBSCI_PREFIX_DIR
#   pkg-config             scalapack-openmpi or scalapack-mpich, matching the MPI, then scalapack
#   find_library           the same names; hints: SCALAPACK_ROOT, ScaLAPACK_ROOT
#
# LAPACK and BLAS are those that the ScaLAPACK library itself was linked to, by the same names (on Debian the generic liblapack and libblas, which its
# alternatives direct): another file beside them (FindBLAS likes libopenblas) puts two variants into one process, which crashes.
include(FindPackageHandleStandardArgs)
include(CheckCXXSymbolExists)
find_package(MPI QUIET REQUIRED COMPONENTS CXX)

set(SCALAPACK_LIBRARIES "" CACHE STRING "ScaLAPACK and all it needs, in link order (empty: search)")
mark_as_advanced(SCALAPACK_LIBRARIES)

# openmpi or mpich: ScaLAPACK's BLACS is tied to one of them.
function(scalapack_mpi_flavour result)
  set(CMAKE_REQUIRED_LIBRARIES MPI::MPI_CXX)
  set(CMAKE_REQUIRED_DEFINITIONS -DOMPI_SKIP_MPICXX)
  set(CMAKE_REQUIRED_QUIET ON)
  check_cxx_symbol_exists(OPEN_MPI mpi.h SCALAPACK_MPI_IS_OPENMPI)
  if(SCALAPACK_MPI_IS_OPENMPI)
    set(${result} openmpi PARENT_SCOPE)
  else()
    set(${result} mpich PARENT_SCOPE)
  endif()
endfunction()

# MKL's own link line (sequential: one BLAS thread per rank is the default of the program).
function(scalapack_from_mkl root flavour result)
  if(flavour STREQUAL "openmpi")
    set(blacs mkl_blacs_openmpi_lp64)
  else()
    set(blacs mkl_blacs_intelmpi_lp64)
  endif()
  set(found)
  foreach(name mkl_scalapack_lp64 mkl_intel_lp64 mkl_sequential mkl_core ${blacs})
    find_library(SCALAPACK_${name}_LIBRARY ${name} HINTS "${root}/lib/intel64" "${root}/lib" NO_DEFAULT_PATH)
    mark_as_advanced(SCALAPACK_${name}_LIBRARY)
    if(NOT SCALAPACK_${name}_LIBRARY)
      return()
    endif()
    list(APPEND found "${SCALAPACK_${name}_LIBRARY}")
  endforeach()
  # The parts of MKL refer to each other: as shared libraries without --no-as-needed the linker would drop some.
  set(${result} -Wl,--no-as-needed ${found} -Wl,--as-needed pthread m PARENT_SCOPE)
endfunction()

# LibSci outside the compiler wrappers; inside them there is nothing to name.
function(scalapack_from_cray result)
  if(CMAKE_CXX_COMPILER MATCHES "/CC$" OR DEFINED ENV{PE_ENV} AND CMAKE_CXX_COMPILER MATCHES "craype")
    set(${result} m PARENT_SCOPE)
    return()
  endif()
  find_library(SCALAPACK_LIBSCI_MPI NAMES sci_gnu_mpi sci_cray_mpi sci_gnu_82_mpi HINTS "$ENV{CRAY_LIBSCI_PREFIX_DIR}/lib" NO_DEFAULT_PATH)
  find_library(SCALAPACK_LIBSCI NAMES sci_gnu sci_cray sci_gnu_82 HINTS "$ENV{CRAY_LIBSCI_PREFIX_DIR}/lib" NO_DEFAULT_PATH)
  mark_as_advanced(SCALAPACK_LIBSCI_MPI SCALAPACK_LIBSCI)
  if(SCALAPACK_LIBSCI_MPI AND SCALAPACK_LIBSCI)
    set(${result} "${SCALAPACK_LIBSCI_MPI}" "${SCALAPACK_LIBSCI}" PARENT_SCOPE)
  endif()
endfunction()

# The BLAS and LAPACK that a shared library asks for: "blas;lapack", "flexiblas"... Empty if unknown (archives, other systems).
function(scalapack_needed_names library result)
  set(names)
  if(CMAKE_OBJDUMP)
    execute_process(COMMAND "${CMAKE_OBJDUMP}" -p "${library}" OUTPUT_VARIABLE header ERROR_QUIET)
    string(REGEX MATCHALL "NEEDED +lib[^ \n]*(blas|lapack)[^ \n]*\\.so" needed "${header}")
    foreach(name IN LISTS needed)
      string(REGEX REPLACE "NEEDED +lib(.*)\\.so" "\\1" name "${name}")
      list(APPEND names "${name}")
    endforeach()
  endif()
  set(${result} ${names} PARENT_SCOPE)
endfunction()

# ScaLAPACK alone, by pkg-config's hints and the usual names; then the LAPACK and BLAS that it asks for.
function(scalapack_from_system flavour result)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_search_module(PC_SCALAPACK QUIET scalapack-${flavour} scalapack)
  endif()
  find_library(SCALAPACK_LIBRARY NAMES scalapack-${flavour} scalapack HINTS ${PC_SCALAPACK_LIBDIR} ${PC_SCALAPACK_LIBRARY_DIRS}
               PATHS "${SCALAPACK_ROOT}" "$ENV{SCALAPACK_ROOT}" "/usr/lib64/${flavour}" PATH_SUFFIXES lib lib64)
  mark_as_advanced(SCALAPACK_LIBRARY)
  if(NOT SCALAPACK_LIBRARY)
    return()
  endif()
  if(LAPACK_LIBRARIES OR BLAS_LIBRARIES)
    set(${result} "${SCALAPACK_LIBRARY}" ${LAPACK_LIBRARIES} ${BLAS_LIBRARIES} PARENT_SCOPE)
    return()
  endif()
  scalapack_needed_names("${SCALAPACK_LIBRARY}" needed)
  set(needed_lapack ${needed})
  set(needed_blas ${needed})
  list(FILTER needed_lapack INCLUDE REGEX "lapack")
  list(FILTER needed_blas EXCLUDE REGEX "lapack")
  find_library(SCALAPACK_LAPACK_LIBRARY NAMES ${needed_lapack} ${needed_blas} lapack openblas flexiblas)
  find_library(SCALAPACK_BLAS_LIBRARY NAMES ${needed_blas} blas openblas flexiblas)
  mark_as_advanced(SCALAPACK_LAPACK_LIBRARY SCALAPACK_BLAS_LIBRARY)
  if(SCALAPACK_LAPACK_LIBRARY AND SCALAPACK_BLAS_LIBRARY)
    set(${result} "${SCALAPACK_LIBRARY}" "${SCALAPACK_LAPACK_LIBRARY}" "${SCALAPACK_BLAS_LIBRARY}" PARENT_SCOPE)
  endif()
endfunction()

# Links one routine of each layer. The verdict is remembered as long as the libraries stay the same.
function(scalapack_link_test libraries result)
  string(SHA1 key "${libraries};${MPI_CXX_LIBRARIES}")
  if(SCALAPACK_LINK_TEST_PASSED STREQUAL "${key}")
    set(${result} TRUE PARENT_SCOPE)
    return()
  endif()
  try_compile(works SOURCE_FROM_CONTENT scalapack_link_test.cpp
    "extern \"C\" { void pdpotrf_(); void pdgemm_(); void dpotrf_(); void dgemm_(); int Csys2blacs_handle(int); }
     int main(int argc, char**) { if (argc > 99) { pdpotrf_(); pdgemm_(); dpotrf_(); dgemm_(); return Csys2blacs_handle(0); } return 0; }\n"
    LINK_LIBRARIES ${libraries} MPI::MPI_CXX ${CMAKE_DL_LIBS} OUTPUT_VARIABLE output)
  if(works)
    set(SCALAPACK_LINK_TEST_PASSED "${key}" CACHE INTERNAL "Libraries that passed ScaLAPACK's link test")
  else()
    string(REGEX MATCHALL "[^\n]*(undefined reference|undefined symbol|cannot find|error:)[^\n]*" reasons "${output}")
    list(APPEND reasons "(see CMakeFiles/CMakeError.log)")
    list(REMOVE_DUPLICATES reasons)
    list(SUBLIST reasons 0 8 reasons)
    list(JOIN reasons "\n  " reasons)
    string(REPLACE ";" "," reasons "${reasons}")
    set(scalapack_link_errors "${reasons}" PARENT_SCOPE)
  endif()
  set(${result} ${works} PARENT_SCOPE)
endfunction()

scalapack_mpi_flavour(scalapack_flavour)
set(scalapack_libraries "")
set(ScaLAPACK_PROVIDER "")
if(SCALAPACK_LIBRARIES)
  set(scalapack_libraries ${SCALAPACK_LIBRARIES} ${LAPACK_LIBRARIES} ${BLAS_LIBRARIES})
  set(ScaLAPACK_PROVIDER "SCALAPACK_LIBRARIES")
endif()
if(NOT scalapack_libraries AND (MKLROOT OR DEFINED ENV{MKLROOT}))
  set(scalapack_mkl_root "${MKLROOT}")
  if(NOT scalapack_mkl_root)
    set(scalapack_mkl_root "$ENV{MKLROOT}")
  endif()
  scalapack_from_mkl("${scalapack_mkl_root}" ${scalapack_flavour} scalapack_libraries)
  set(ScaLAPACK_PROVIDER "MKL in ${scalapack_mkl_root}")
endif()
if(NOT scalapack_libraries AND (DEFINED ENV{CRAY_LIBSCI_PREFIX_DIR} OR DEFINED ENV{CRAY_LIBSCI_VERSION}))
  scalapack_from_cray(scalapack_libraries)
  set(ScaLAPACK_PROVIDER "Cray LibSci")
endif()
if(NOT scalapack_libraries)
  scalapack_from_system(${scalapack_flavour} scalapack_libraries)
  set(ScaLAPACK_PROVIDER "${SCALAPACK_LIBRARY}")
endif()

if(scalapack_libraries)
  scalapack_link_test("${scalapack_libraries}" scalapack_links)
  if(NOT scalapack_links)
    set(scalapack_reason "A program that calls pdpotrf_ does not link with\n  ${scalapack_libraries}\n  ${scalapack_link_errors}\n"
      "If these are Debian's libraries, select the same variant for libblas.so.3 and liblapack.so.3 (update-alternatives). "
      "Otherwise set SCALAPACK_LIBRARIES to all libraries in link order.")
    list(JOIN scalapack_reason "" scalapack_reason)
  endif()
else()
  set(scalapack_reason "Install it (Debian: libscalapack-${scalapack_flavour}-dev and libopenblas-dev), or set SCALAPACK_LIBRARIES "
    "to all libraries in link order (ScaLAPACK, LAPACK, BLAS; 32-bit integers), or MKLROOT.")
  list(JOIN scalapack_reason "" scalapack_reason)
endif()

find_package_handle_standard_args(ScaLAPACK REQUIRED_VARS ScaLAPACK_PROVIDER scalapack_links REASON_FAILURE_MESSAGE "${scalapack_reason}")
if(ScaLAPACK_FOUND AND NOT TARGET ScaLAPACK::ScaLAPACK)
  add_library(ScaLAPACK::ScaLAPACK INTERFACE IMPORTED)
  target_link_libraries(ScaLAPACK::ScaLAPACK INTERFACE ${scalapack_libraries} MPI::MPI_CXX ${CMAKE_DL_LIBS})
endif()
