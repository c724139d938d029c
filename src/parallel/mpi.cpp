// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/mpi.hpp"

#include "soapstone/base/error.hpp"

#include <string>

namespace soapstone::parallel {

void check_mpi(int status, const char* call) {
  if (status == MPI_SUCCESS)
    return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw InternalError(std::string(call) + ": " + std::string(text, static_cast<std::size_t>(length)));
}

int size_of(MPI_Comm comm) {
  int size = 0;
  if (comm != MPI_COMM_NULL)
    MPI_Comm_size(comm, &size);
  return size;
}

} // namespace soapstone::parallel
