// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace soapstone {

namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

/// First number in a one-line file such as a control group's limit; `fallback` where there is none ("max", no
/// file).
std::int64_t number_in(const std::string& path, std::int64_t fallback) {
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

/// The number after `key` in a file of lines "key number"; 0 where there is none.
std::int64_t number_after(const std::string& key, const std::string& path) {
  std::ifstream file(path);
  std::string found;
  std::int64_t value = 0;
  while (file >> found >> value)
    if (found == key)
      return value;
  return 0;
}

/// Names of a control group's files, which differ between the versions.
struct GroupFiles {
  const char *limit, *usage, *cache;
};
constexpr GroupFiles version_1{"/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles version_2{"/memory.max", "/memory.current", "inactive_file"};

/// Returns what the group at `path` below `mount` and all groups that it is part of still allow. Files that
/// were read and are kept in memory for the next time count as used, but give way. Paths that this process
/// cannot see (a container's, named as outside of it) are passed over.
std::int64_t group_available(const std::string& mount, std::string path, const GroupFiles& files) {
  std::int64_t available = unlimited;
  for (;;) {
    const std::string folder = mount + path;
    const auto limit = number_in(folder + files.limit, unlimited);
    const auto used = number_in(folder + files.usage, 0) - number_after(files.cache, folder + "/memory.stat");
    if (limit < unlimited)
      available = std::min(available, limit - std::max<std::int64_t>(0, used));
    if (path.empty())
      return available;
    path.erase(path.rfind('/'));
  }
}

std::int64_t pages_to_bytes(std::int64_t pages) {
  return pages * static_cast<std::int64_t>(sysconf(_SC_PAGESIZE));
}

/// Blocks that are freed leave holes between others: not all addresses come to hold something.
std::int64_t address_space_available() {
  constexpr double usable = 0.9;
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return unlimited;
  const auto left =
      static_cast<std::int64_t>(limit.rlim_cur) - pages_to_bytes(number_in("/proc/self/statm", 0));
  return static_cast<std::int64_t>(usable * static_cast<double>(left));
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

void return_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

std::int64_t control_group_available_bytes(const std::string& membership, const std::string& mount) {
  std::ifstream file(membership);
  std::int64_t available = unlimited;
  for (std::string line; std::getline(file, line);) { // "4:memory:/a/b" (version 1), "0::/a/b" (version 2)
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos || second + 1 >= line.size() || line[second + 1] != '/')
      continue;
    const auto controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    std::string path = line.substr(second + 1);
    if (path == "/")
      path.clear();
    if (controllers == ",,")
      available = std::min(available, group_available(mount, path, version_2));
    else if (controllers.find(",memory,") != std::string::npos)
      available = std::min(available, group_available(mount + "/memory", path, version_1));
  }
  return available;
}

std::int64_t available_memory_bytes(int sharing) {
  const auto of_node =
      std::min(meminfo_available(), control_group_available_bytes("/proc/self/cgroup", "/sys/fs/cgroup"));
  return std::max<std::int64_t>(0, std::min(of_node / sharing, address_space_available()));
}

} // namespace soapstone
