// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <list>
#include <new>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <mpi.h>

namespace soapstone::parallel {

/// Returns whether all requests are complete; they are null then. Otherwise none is touched, and they count
/// as abandoned: kept until the process ends.
bool complete_or_abandon(std::span<MPI_Request> requests) noexcept;

/// Kept until the process ends, within reach, so that it counts as no leak. Throws std::bad_alloc.
template <typename Memory>
void keep(Memory& memory) {
  static auto& kept = *new std::list<Memory>;
  kept.push_back(std::move(memory));
}

/// Before the memory of messages is freed, as by an exception that unwinds its owner: if a request is still
/// under way the memory is kept until the process ends, since what arrives would be written into what others
/// have then. `memory`: containers whose elements stay in their place when they are moved, not strings.
template <typename... Memory>
void keep_if_under_way(std::span<MPI_Request> requests, Memory&... memory) noexcept {
  if (complete_or_abandon(requests))
    return;
  try {
    (keep(memory), ...);
  } catch (const std::bad_alloc&) { // then it is freed
  }
}

/// keep_if_under_way() at the end of a scope.
template <typename... Memory>
class KeptMemory {
public:
  explicit KeptMemory(std::vector<MPI_Request>& requests, Memory&... memory)
      : requests_(requests), memory_(memory...) {}
  ~KeptMemory() {
    std::apply([this](Memory&... memory) { keep_if_under_way(requests_, memory...); }, memory_);
  }
  KeptMemory(const KeptMemory&) = delete;
  KeptMemory& operator=(const KeptMemory&) = delete;

private:
  std::vector<MPI_Request>& requests_;
  std::tuple<Memory&...> memory_;
};

} // namespace soapstone::parallel
