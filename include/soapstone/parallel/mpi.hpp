// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// The one place through which MPI is included: without the long-deprecated C++ bindings.
#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

namespace soapstone::parallel {

/// Throws InternalError with MPI's own message unless `status` is MPI_SUCCESS.
void check_mpi(int status, const char* call);

/// The number of its ranks; 0 for a null communicator.
int size_of(MPI_Comm comm);

} // namespace soapstone::parallel
