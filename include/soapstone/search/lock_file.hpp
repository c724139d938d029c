// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/vanishing_file.hpp"

#include <optional>
#include <string>

namespace soapstone::search {

/// A file that this process alone holds (flock), with host, process and batch job in it for those who find it
/// taken. The kernel lets go when the process ends, however it ends: a file that a killed job left behind is
/// no obstacle. Network file systems: NFS (Linux 2.6.12 and newer) passes the lock to its server, so that it
/// holds between nodes and goes when the node's lease runs out; Lustre holds between nodes if it is mounted
/// with -o flock, within one node with -o localflock. Where a file system knows no locks held() is false and
/// nothing is promised.
class LockFile {
public:
  /// Tries for `patience` seconds, since a killed job takes a moment to die. Throws IoError that says who
  /// holds it.
  explicit LockFile(const std::string& path, double patience = 5);
  ~LockFile(); ///< takes the file away
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  bool held() const { return held_; }

private:
  bool try_lock();
  std::string path_;
  int file_ = -1;
  bool held_ = false;
  std::optional<VanishingFile> vanishing_; ///< what is held, so that Ctrl-C leaves nothing behind
};

/// "process 123 on host n17, Slurm job 4711".
std::string job_name();

} // namespace soapstone::search
