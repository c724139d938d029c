// SPDX-License-Identifier: BSD-3-Clause
#include "watchdog.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

namespace soapstone::mpitest {

namespace {

// What signal handlers and the exit hook read; plain memory, since they may not lock.
int reported_rank = 0;
volatile bool alive = false;
char current_activity[256] = "start-up";

constexpr std::array deadly_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
std::array<struct sigaction, deadly_signals.size()> former_actions;

int probe_signal() {
  return SIGRTMIN + 3;
}

/// Writes without locks or allocation: callable where stdio is not.
void write_line(const char* what, const char* more = "") {
  char line[512];
  const int length =
      std::snprintf(line, sizeof line, "[rank %d] %s: %s%s\n", reported_rank, current_activity, what, more);
  if (length > 0) [[maybe_unused]]
    const auto written =
        write(STDOUT_FILENO, line, std::min(static_cast<std::size_t>(length), sizeof line - 1));
}

void report_deadly_signal(int number) {
  write_line("killed by signal ", sigabbrev_np(number));
  for (std::size_t i = 0; i < deadly_signals.size(); ++i)
    if (deadly_signals[i] == number)
      sigaction(number, &former_actions[i], nullptr);
  raise(number); // delivered to the former handler as soon as this one returns
}

/// Outermost MPI function on the stack of the watched thread, in which it then waits.
void report_place(int) {
  std::array<void*, 64> frames{};
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  const char* call = nullptr;
  for (int i = 0; i < depth; ++i) {
    Dl_info symbol{};
    if (dladdr(frames[static_cast<std::size_t>(i)], &symbol) == 0 || symbol.dli_sname == nullptr)
      continue;
    if (std::strncmp(symbol.dli_sname, "MPI_", 4) == 0 || std::strncmp(symbol.dli_sname, "PMPI_", 5) == 0)
      call = symbol.dli_sname;
  }
  if (call != nullptr)
    write_line("no end in sight; this rank waits in ", call);
  else
    write_line("no end in sight; this rank is busy outside MPI");
}

void report_exit() {
  if (!alive)
    return;
  write_line("exit() was called in the middle of it");
  std::_Exit(1);
}

void install_reports() {
  struct sigaction action {};
  action.sa_handler = report_place;
  sigaction(probe_signal(), &action, nullptr);
  action.sa_handler = report_deadly_signal;
  for (std::size_t i = 0; i < deadly_signals.size(); ++i)
    sigaction(deadly_signals[i], &action, &former_actions[i]);
  std::atexit(report_exit);
  void* frame = nullptr;
  backtrace(&frame, 1); // the first call loads a library, which a signal handler must not
}

} // namespace

Watchdog::Watchdog(int rank, double limit) : rank_(rank), limit_(limit), watched_(pthread_self()) {
  reported_rank = rank_;
  install_reports();
  alive = true;
  thread_ = std::thread([this] { watch(); });
}

Watchdog::~Watchdog() {
  alive = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
  for (std::size_t i = 0; i < deadly_signals.size(); ++i)
    sigaction(deadly_signals[i], &former_actions[i], nullptr);
}

void Watchdog::begin(const std::string& activity) {
  {
    const std::lock_guard lock(mutex_);
    std::snprintf(current_activity, sizeof current_activity, "%s", activity.c_str());
    ++activities_;
  }
  changed_.notify_one();
}

void Watchdog::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const long watched = activities_;
    const auto news = [&] { return stopping_ || activities_ != watched; };
    if (!changed_.wait_for(lock, std::chrono::duration<double>(limit_), news))
      end_process();
  }
}

void Watchdog::end_process() {
  char limit[64];
  std::snprintf(limit, sizeof limit, "took longer than the limit of %.1f s", limit_);
  write_line(limit);
  pthread_kill(watched_, probe_signal());
  std::this_thread::sleep_for(std::chrono::seconds(1)); // so that every rank has its say before the job dies
  std::_Exit(1);
}

} // namespace soapstone::mpitest
