// SPDX-License-Identifier: BSD-3-Clause
#include "abandoned.hpp"

#include "soapstone/parallel/under_way.hpp"

#include <new>
#include <vector>

namespace soapstone::parallel {

namespace {

struct Abandoned {
  std::vector<MPI_Comm> comms;
  std::vector<MPI_Request> requests;
};

/// Never destroyed.
Abandoned& abandoned() {
  static auto& all = *new Abandoned;
  return all;
}

} // namespace

void abandon(MPI_Comm comm) noexcept {
  try {
    abandoned().comms.push_back(comm);
  } catch (const std::bad_alloc&) { // then it is lost
  }
}

void abandon(std::span<const MPI_Request> requests) noexcept {
  try {
    auto& all = abandoned().requests;
    all.insert(all.end(), requests.begin(), requests.end());
  } catch (const std::bad_alloc&) {
  }
}

bool complete_or_abandon(std::span<MPI_Request> requests) noexcept {
  int done = 0;
  const bool asked = MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done,
                                 MPI_STATUSES_IGNORE) == MPI_SUCCESS;
  if (asked && done != 0)
    return true;
  abandon(requests);
  return false;
}

} // namespace soapstone::parallel
