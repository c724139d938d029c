// SPDX-License-Identifier: BSD-3-Clause
// Messages that arrive when an exception has unwound the one who waited for them.
#include "soapstone/parallel/under_way.hpp"

#include "soapstone/parallel/communicator.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

namespace soapstone::parallel {
namespace {

constexpr int sizes[] = {3, 400, 100000}; // doubles: sent at once, and when the receiver agrees

void receive(const Communicator& comm, std::vector<double>& memory, std::vector<MPI_Request>& requests) {
  MPI_Irecv(memory.data(), static_cast<int>(memory.size()), MPI_DOUBLE, 1, 0, comm.get(),
            &requests.emplace_back(MPI_REQUEST_NULL));
}

/// Begins to receive and throws; where the memory was.
const double* fail_while_receiving(const Communicator& comm, int size) {
  const double* at = nullptr;
  try {
    std::vector<double> memory(static_cast<std::size_t>(size));
    std::vector<MPI_Request> requests;
    const KeptMemory at_the_end(requests, memory);
    receive(comm, memory, requests);
    at = memory.data();
    throw std::runtime_error("in the midst of it");
  } catch (const std::runtime_error&) {
  }
  return at;
}

TEST(KeptMemory, memory_of_a_message_that_is_under_way_is_not_used_for_anything_else) {
  const auto world = Communicator::world();
  for (const int size : sizes) {
    if (world.rank() == 0) {
      const double* const before = fail_while_receiving(world, size);
      std::vector<std::vector<double>> others; // one of which would get memory that was freed
      for (int i = 0; i < 8; ++i)
        others.emplace_back(static_cast<std::size_t>(size), 1.0);
      world.barrier(); // now the message is sent
      world.barrier();
      for (const auto& other : others) {
        EXPECT_NE(other.data(), before);
        EXPECT_EQ(std::count(other.begin(), other.end(), 1.0), size);
      }
    } else {
      world.barrier();
      MPI_Request request = MPI_REQUEST_NULL;
      static std::vector<double> values; // lasting: rank 0 waits for no message
      values.assign(static_cast<std::size_t>(size), 2.0);
      MPI_Isend(values.data(), size, MPI_DOUBLE, 0, 0, world.get(), &request);
      world.barrier();
      MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
    world.barrier();
  }
}

TEST(KeptMemory, memory_of_messages_that_are_complete_is_freed) {
  const auto world = Communicator::world();
  std::vector<double> memory(1000);
  std::vector<MPI_Request> requests;
  if (world.rank() == 0) {
    receive(world, memory, requests);
  } else {
    MPI_Isend(memory.data(), 1000, MPI_DOUBLE, 0, 0, world.get(), &requests.emplace_back(MPI_REQUEST_NULL));
  }
  world.barrier();
  MPI_Wait(&requests.front(), MPI_STATUS_IGNORE);
  keep_if_under_way(requests, memory);
  EXPECT_EQ(memory.size(), 1000U); // still its owner's
  requests.clear();
  keep_if_under_way(requests, memory);
  EXPECT_EQ(memory.size(), 1000U);
}

} // namespace
} // namespace soapstone::parallel
