// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/library_calls.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <utility>

namespace soapstone::parallel {

namespace {
MPI_Comm callers = MPI_COMM_NULL;
}

LibraryCalls::LibraryCalls(MPI_Comm ranks) {
  expects(callers == MPI_COMM_NULL, "one LibraryCalls at a time");
  if (is_watched() && size_of(ranks) > 1)
    callers = ranks;
}

LibraryCalls::~LibraryCalls() {
  callers = MPI_COMM_NULL;
}

MPI_Comm LibraryCalls::exchange_ranks(MPI_Comm ranks) {
  return std::exchange(callers, ranks);
}

} // namespace soapstone::parallel
