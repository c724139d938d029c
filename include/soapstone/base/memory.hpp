// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace soapstone {

/// Peak resident memory of this process so far, bytes (getrusage).
std::int64_t peak_memory_bytes();

/// Resident memory of this process now, bytes (/proc/self/statm).
std::int64_t current_memory_bytes();

/// Returns to the system what small allocations have left behind, where the C library can (glibc).
void return_free_memory();

/// Memory that this process could still take, bytes: its part of what the node has, MemAvailable or less if
/// control groups allow less, which `sharing` processes divide among them; or nine tenths of what
/// its own address-space limit (ulimit -v) leaves, if that is the least.
std::int64_t available_memory_bytes(int sharing = 1);

/// Returns what the control groups of a process still allow (Slurm's, a container's), bytes; the largest
/// number where none has a limit. `membership`: a file such as /proc/self/cgroup; `mount`: where the groups
/// are, such as /sys/fs/cgroup, with version 1's memory groups below `mount`/memory.
std::int64_t control_group_available_bytes(const std::string& membership, const std::string& mount);

} // namespace soapstone
