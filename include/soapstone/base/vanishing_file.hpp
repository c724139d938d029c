// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone {

/// A temporary file that goes with the process when a signal ends it, other than SIGKILL and those of
/// crashes: Ctrl-C, a batch system, or the abort of an MPI job because another rank failed. Signals that are
/// ignored or have a handler of their own (StopSignal) stay as they are. Dropped without a word when very
/// many are alive at once.
class VanishingFile {
public:
  VanishingFile() = default;
  explicit VanishingFile(const std::string& path); ///< from now on; the file need not exist yet
  ~VanishingFile() { release(); }
  VanishingFile(const VanishingFile&) = delete;
  VanishingFile& operator=(const VanishingFile&) = delete;

  /// The file stays whatever happens.
  void release() noexcept;

private:
  int slot_ = -1;
};

} // namespace soapstone
