// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/large_array.hpp"

#include <cstdlib>
#include <sys/mman.h>

namespace soapstone {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

} // namespace

void* allocate_large(std::size_t bytes) {
  if (bytes < large_array_threshold)
    return ::operator new(bytes);
  void* memory = nullptr;
  if (posix_memalign(&memory, huge_page, bytes) != 0)
    throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // Whole pages only, so that no more memory is taken than asked for. Systems that refuse lose speed alone.
  madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_large(void* memory, std::size_t bytes) noexcept {
  if (bytes < large_array_threshold)
    ::operator delete(memory);
  else
    std::free(memory);
}

} // namespace soapstone
