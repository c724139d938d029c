// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/stop_signal.hpp"

#include "soapstone/base/check.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace soapstone {

namespace {

constexpr std::array stop_signals{SIGUSR1, SIGUSR2, SIGTERM};
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "safe in a signal handler");
std::array<struct sigaction, stop_signals.size()> before;
bool watched = false;

void note(int signal) {
  int none = 0;
  first_signal.compare_exchange_strong(none, signal);
}

} // namespace

StopSignal::StopSignal() {
  expects(!watched, "one StopSignal at a time");
  watched = true;
  first_signal = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART; // system calls of libraries go on
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < stop_signals.size(); ++i)
    sigaction(stop_signals[i], &action, &before[i]);
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < stop_signals.size(); ++i)
    sigaction(stop_signals[i], &before[i], nullptr);
  watched = false;
}

int StopSignal::received() noexcept {
  return first_signal.load();
}

const char* StopSignal::name(int signal) noexcept {
  return signal == SIGUSR1 ? "SIGUSR1" : signal == SIGUSR2 ? "SIGUSR2" : signal == SIGTERM ? "SIGTERM" : "";
}

} // namespace soapstone
