// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::search {

/// Brings texts from any rank to rank 0 without making the sender wait.
class Mailbox {
public:
  explicit Mailbox(const parallel::Communicator& comm); ///< Collective.

  void post(std::string text); ///< rank 0 posts to itself likewise
  /// On rank 0: what has arrived since the last time. Call it now and then: it also lets MPI move messages
  /// on. Elsewhere: nothing.
  std::vector<std::string> collect();
  /// Collective; nobody posts any more. Waits, without using the CPU, until all ranks are here; on rank 0
  /// `arrived` gets the texts as they come, all of them by the end.
  template <typename Arrived>
  void close(Arrived&& arrived) {
    begin_closing();
    while (!all_are_here())
      arrived(collect());
    arrived(collect_the_rest());
  }

private:
  void begin_closing();
  bool all_are_here(); ///< after a millisecond's sleep if not
  std::vector<std::string> collect_the_rest();
  void forget_sent();

  parallel::Communicator comm_;
  std::list<std::pair<MPI_Request, std::string>> sent_;
  std::vector<std::string> own_; ///< of rank 0
  std::int64_t posted_ = 0, received_ = 0;
  MPI_Request closing_ = MPI_REQUEST_NULL;
};

} // namespace soapstone::search
