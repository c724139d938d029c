// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace soapstone {

/// Memory for `bytes` bytes; from large_array_threshold on aligned to huge pages and, where the system leaves
/// that to programs (transparent_hugepage = madvise), backed by them: 512 times fewer page faults, and fewer
/// misses of the address cache. Throws std::bad_alloc.
void* allocate_large(std::size_t bytes);
void free_large(void* memory, std::size_t bytes) noexcept; ///< of allocate_large, with the same bytes
inline constexpr std::size_t large_array_threshold = std::size_t{8}
                                                     << 20; ///< bytes; smaller arrays come from malloc

/// Allocator of large arrays that are written once: takes huge pages, and leaves new elements uninitialised
/// where std::allocator would write zeros.
template <typename T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <typename U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}
  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T))
      throw std::bad_array_new_length();
    return static_cast<T*>(allocate_large(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept { free_large(memory, count * sizeof(T)); }
  template <typename U>
  void construct(U* place) noexcept {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
  bool operator==(const LargeAllocator&) const = default;
};

/// A std::vector in all but what resize() does to new elements: nothing.
template <typename T>
using LargeArray = std::vector<T, LargeAllocator<T>>;

} // namespace soapstone
