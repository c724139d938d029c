// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/vanishing_file.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

#include <unistd.h>

namespace soapstone {

namespace {

// All that people, shells and batch systems end a process with, if they leave it a choice.
constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGXCPU};
enum State : int { unused, changing, alive };

/// A fixed place for a name, since a signal handler may not ask for memory.
struct Slot {
  std::atomic<int> state{unused};
  std::array<char, 4096> path{};
};
std::array<Slot, 16> slots;
static_assert(std::atomic<int>::is_always_lock_free, "safe in a signal handler");

void remove_and_end(int signal) {
  for (const Slot& slot : slots)
    if (slot.state.load() == alive)
      unlink(slot.path.data());
  std::signal(signal, SIG_DFL); // both functions are safe here
  raise(signal);
}

void handle_signals() {
  for (const int signal : ending_signals) {
    struct sigaction now {};
    if (sigaction(signal, nullptr, &now) != 0 || now.sa_handler != SIG_DFL)
      continue;
    now = {};
    now.sa_handler = remove_and_end;
    sigemptyset(&now.sa_mask);
    sigaction(signal, &now, nullptr);
  }
}

} // namespace

VanishingFile::VanishingFile(const std::string& path) {
  for (std::size_t i = 0; i < slots.size() && path.size() < slots[i].path.size(); ++i) {
    int free = unused;
    if (!slots[i].state.compare_exchange_strong(free, changing))
      continue;
    *std::copy(path.begin(), path.end(), slots[i].path.begin()) = '\0';
    slots[i].state = alive;
    slot_ = static_cast<int>(i);
    handle_signals();
    return;
  }
}

void VanishingFile::release() noexcept {
  if (slot_ >= 0)
    slots[static_cast<std::size_t>(slot_)].state = unused;
  slot_ = -1;
}

} // namespace soapstone
