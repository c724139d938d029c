// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone {

/// Peak resident memory of this process so far, bytes (getrusage).
std::int64_t peak_memory_bytes();

/// Resident memory of this process now, bytes (/proc/self/statm).
std::int64_t current_memory_bytes();

/// Memory that this process could still take, bytes: the least of MemAvailable, the control group's limit and
/// the address-space limit (ulimit -v), less what is in use. Shared by all ranks of a node.
std::int64_t available_memory_bytes();

} // namespace soapstone
