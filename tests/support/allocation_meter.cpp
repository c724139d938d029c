// SPDX-License-Identifier: BSD-3-Clause
#include "allocation_meter.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <malloc.h>

// The functions of the C library that these stand in front of.
// NOLINTBEGIN(bugprone-reserved-identifier): their names
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

constexpr std::int64_t large = 1 << 16;
std::atomic<std::int64_t> live{0}, most{0};

std::int64_t counted(void* memory) {
  const auto size = memory == nullptr ? 0 : static_cast<std::int64_t>(malloc_usable_size(memory));
  return size >= large ? size : 0;
}

void change(std::int64_t bytes) {
  const auto now = live += bytes;
  auto before = most.load();
  while (now > before && !most.compare_exchange_weak(before, now)) {
  }
}

void* taken(void* memory) {
  change(counted(memory));
  return memory;
}

} // namespace

extern "C" {

void* malloc(std::size_t size) {
  return taken(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
  return taken(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
  const auto before = counted(memory);
  void* moved = __libc_realloc(memory, size);
  if (moved != nullptr || size == 0)
    change(counted(moved) - before);
  return moved;
}

void* memalign(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = taken(__libc_memalign(alignment, size));
  return *memory == nullptr ? ENOMEM : 0;
}

void free(void* memory) {
  change(-counted(memory));
  __libc_free(memory);
}

} // extern "C"

namespace soapstone::testing {

AllocationMeter::AllocationMeter() : before_(live) {
  most = before_;
}

std::int64_t AllocationMeter::peak() const {
  return most - before_;
}

} // namespace soapstone::testing
