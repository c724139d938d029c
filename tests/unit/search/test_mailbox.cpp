// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/mailbox.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

namespace {

bool sending_fails = false;

} // namespace

/// In the place of MPI's.
extern "C" int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
                         MPI_Request* request) {
  if (sending_fails)
    throw std::runtime_error("not sent");
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}

namespace soapstone::search {
namespace {

/// Long enough that MPI does not send some of them before they are asked for.
std::string letter(int rank, int number) {
  return std::to_string(rank) + ":" + std::to_string(number) +
         std::string(static_cast<std::size_t>(number) * 5000, 'x');
}

TEST(Mailbox, every_letter_arrives_once) {
  const auto world = parallel::Communicator::world();
  Mailbox mail(world);
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> arrived;
    const auto take = [&](std::vector<std::string> letters) {
      arrived.insert(arrived.end(), letters.begin(), letters.end());
    };
    for (int number = 0; number <= world.rank() + 2; ++number) {
      mail.post(letter(world.rank(), number));
      take(mail.collect());
    }
    mail.close(take);
    std::vector<std::string> expected;
    for (int rank = 0; rank < world.size() && world.rank() == 0; ++rank)
      for (int number = 0; number <= rank + 2; ++number)
        expected.push_back(letter(rank, number));
    std::sort(expected.begin(), expected.end());
    std::sort(arrived.begin(), arrived.end());
    EXPECT_EQ(arrived, expected);
  }
}

TEST(Mailbox, a_letter_that_could_not_be_sent_is_not_waited_for) {
  const auto world = parallel::Communicator::world();
  Mailbox mail(world);
  if (world.rank() > 0) {
    sending_fails = true;
    EXPECT_THROW(mail.post("lost"), std::runtime_error);
    sending_fails = false;
  }
  mail.post("kept");
  std::size_t arrived = 0;
  mail.close([&](const std::vector<std::string>& letters) { arrived += letters.size(); });
  EXPECT_EQ(arrived, static_cast<std::size_t>(world.rank() == 0 ? world.size() : 0));
}

} // namespace
} // namespace soapstone::search
