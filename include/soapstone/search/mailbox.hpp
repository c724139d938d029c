// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::search {

/// Brings texts from any rank to rank 0 without making the sender wait.
class Mailbox {
public:
  explicit Mailbox(const parallel::Communicator& comm); ///< Collective.
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(std::string text); ///< rank 0 posts to itself likewise
  /// On rank 0: what has arrived since the last time. Call it now and then: it also lets MPI move messages
  /// on. Elsewhere: nothing.
  std::vector<std::string> collect();
  /// Collective; nobody posts any more. Waits, without using the CPU, until all ranks are here, which may be
  /// busy until then (parallel::await_busy); on rank 0 `arrived` gets the texts as they come, all of them by
  /// the end.
  void close(const std::function<void(const std::vector<std::string>&)>& arrived);

private:
  void forget_sent();

  parallel::Communicator comm_;
  std::list<std::pair<MPI_Request, std::string>> sent_;
  std::vector<std::string> own_; ///< of rank 0
  std::int64_t posted_ = 0, received_ = 0;
};

} // namespace soapstone::search
