// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/check.hpp"
#include "soapstone/parallel/communicator.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace soapstone::parallel {

/// MPI's name for T: the arithmetic types that the project sends.
template <typename T>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<T, double>)
    return MPI_DOUBLE;
  else if constexpr (std::is_same_v<T, float>)
    return MPI_FLOAT;
  else if constexpr (std::is_same_v<T, char>)
    return MPI_CHAR;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return MPI_UINT8_T;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return MPI_INT32_T;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return MPI_INT64_T;
  else {
    static_assert(std::is_same_v<T, std::uint64_t>, "no MPI type for T");
    return MPI_UINT64_T;
  }
}

/// Most elements in one MPI call: counts are 32-bit ints there, and long messages go out in pieces of this.
inline constexpr std::size_t max_count = std::size_t{1} << 28;

/// Collective. Copies `values` of `root` to all ranks; the span has the same length everywhere.
template <typename T>
void broadcast(const Communicator& comm, std::span<T> values, int root = 0) {
  arrive(comm.get());
  for (std::size_t at = 0; at < values.size(); at += max_count) {
    const auto count = std::min(max_count, values.size() - at);
    check_mpi(MPI_Bcast(values.data() + at, static_cast<int>(count), mpi_type<T>(), root, comm.get()),
              "MPI_Bcast");
  }
}

/// Collective. One number of the root's to all.
template <typename T>
requires std::is_arithmetic_v<T>
void broadcast(const Communicator& comm, T& value, int root = 0) {
  broadcast(comm, std::span<T>(&value, 1), root);
}

/// Collective. Vector of `root` on all ranks; resized there.
template <typename T>
void broadcast(const Communicator& comm, std::vector<T>& values, int root = 0) {
  auto size = static_cast<std::uint64_t>(values.size());
  broadcast(comm, size, root);
  values.resize(static_cast<std::size_t>(size));
  broadcast(comm, std::span<T>(values), root);
}

/// Collective. Text of `root` on all ranks.
void broadcast(const Communicator& comm, std::string& text, int root = 0);

/// Collective. Element-wise reduction in place, the same result on all ranks.
template <typename T>
void all_reduce(const Communicator& comm, std::span<T> values, MPI_Op op = MPI_SUM) {
  arrive(comm.get());
  for (std::size_t at = 0; at < values.size(); at += max_count) {
    const auto count = std::min(max_count, values.size() - at);
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data() + at, static_cast<int>(count), mpi_type<T>(), op,
                            comm.get()),
              "MPI_Allreduce");
  }
}

/// Collective. One number of each rank, combined; the result on all.
template <typename T>
requires std::is_arithmetic_v<T> T all_reduce(const Communicator& comm, T value, MPI_Op op = MPI_SUM) {
  all_reduce(comm, std::span<T>(&value, 1), op);
  return value;
}

/// Collective. One value of each rank, in rank order, on all ranks.
template <typename T>
requires std::is_arithmetic_v<T> std::vector<T> all_gather(const Communicator& comm, T value) {
  arrive(comm.get());
  std::vector<T> all(static_cast<std::size_t>(comm.size()));
  check_mpi(MPI_Allgather(&value, 1, mpi_type<T>(), all.data(), 1, mpi_type<T>(), comm.get()),
            "MPI_Allgather");
  return all;
}

/// Collective. The ranks' vectors one behind the other, in rank order, on all ranks.
template <typename T>
std::vector<T> all_gather(const Communicator& comm, const std::vector<T>& values) {
  const auto counts = all_gather(comm, narrow<std::int32_t>(values.size(), "elements gathered"));
  std::vector<int> starts(counts.size(), 0);
  std::int64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    starts[i] = narrow<int>(total, "elements gathered");
    total += counts[i];
  }
  std::vector<T> all(static_cast<std::size_t>(total));
  check_mpi(MPI_Allgatherv(values.data(), static_cast<int>(values.size()), mpi_type<T>(), all.data(),
                           counts.data(), starts.data(), mpi_type<T>(), comm.get()),
            "MPI_Allgatherv");
  return all;
}

} // namespace soapstone::parallel
