// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/mailbox.hpp"

#include <algorithm>
#include <gtest/gtest.h>

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

} // namespace
} // namespace soapstone::search
