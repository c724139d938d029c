// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include <pthread.h>

namespace soapstone::mpitest {

/// A thread that ends the process with exit code 1, which ends the job, when one activity takes longer than
/// `limit` seconds. Each rank says what it is doing, and whether it waits inside MPI: the rank that does not
/// is the one to look at. The thread calls no MPI. While it lives, deadly signals and exit() in the middle of
/// an activity are reported with rank and activity as well.
class Watchdog {
public:
  Watchdog(int rank, double limit); ///< To be made by the thread it shall watch; one at a time.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Starts a new activity: restarts the clock.
  void begin(const std::string& activity);

private:
  void watch();
  [[noreturn]] void end_process();

  int rank_;
  double limit_;
  pthread_t watched_;
  std::mutex mutex_;
  std::condition_variable changed_;
  long activities_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace soapstone::mpitest
