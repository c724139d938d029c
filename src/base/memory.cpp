// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace soapstone {

namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

/// First number in a one-line file such as a control group's limit; `fallback` where there is none ("max", no
/// file).
std::int64_t number_in(const char* path, std::int64_t fallback) {
  std::ifstream file(path);
  std::int64_t value = 0;
  return file >> value ? value : fallback;
}

std::int64_t meminfo_available() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  std::int64_t kib = 0;
  while (file >> key >> kib) {
    if (key == "MemAvailable:")
      return kib * 1024;
    std::getline(file, unit);
  }
  return unlimited;
}

/// What the control group of this process still allows (version 2, then version 1 paths as seen from inside a
/// container).
std::int64_t control_group_available() {
  const auto v2 = number_in("/sys/fs/cgroup/memory.max", unlimited);
  if (v2 != unlimited)
    return v2 - number_in("/sys/fs/cgroup/memory.current", 0);
  const auto v1 = number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", unlimited);
  return v1 == unlimited ? unlimited : v1 - number_in("/sys/fs/cgroup/memory/memory.usage_in_bytes", 0);
}

std::int64_t pages_to_bytes(std::int64_t pages) {
  return pages * static_cast<std::int64_t>(sysconf(_SC_PAGESIZE));
}

std::int64_t address_space_available() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return unlimited;
  return static_cast<std::int64_t>(limit.rlim_cur) - pages_to_bytes(number_in("/proc/self/statm", 0));
}

} // namespace

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

std::int64_t current_memory_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t total = 0, resident = 0;
  file >> total >> resident;
  return pages_to_bytes(resident);
}

std::int64_t available_memory_bytes() {
  return std::max<std::int64_t>(
      0, std::min({meminfo_available(), control_group_available(), address_space_available()}));
}

} // namespace soapstone
