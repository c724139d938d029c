// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone {

/// While it lives, SIGUSR1, SIGUSR2 and SIGTERM are wishes to stop cleanly instead of ends of the process
/// (batch systems send one before the time is up). One at a time in a process.
class StopSignal {
public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// The signal that came first, on this rank alone; 0: none.
  static int received() noexcept;
  /// "SIGUSR1".
  static const char* name(int signal) noexcept;
};

} // namespace soapstone
