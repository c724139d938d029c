// SPDX-License-Identifier: BSD-3-Clause
#include "checksum.hpp"

#include "soapstone/base/error.hpp"

#include <cstring>

namespace soapstone::h5 {

namespace {

/// SplitMix64's output function (Steele, Lea, Flood, OOPSLA 2014) of the element, offset by a multiple of an
/// odd constant that stands for its position.
std::uint64_t mix(std::uint64_t index, std::uint64_t bits) {
  std::uint64_t z = bits ^ ((index + 1) * 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

template <typename Word>
std::uint64_t sum(const void* elements, std::size_t count, std::uint64_t first) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Word word{};
    std::memcpy(&word, static_cast<const char*>(elements) + i * sizeof word, sizeof word);
    total += mix(first + i, word);
  }
  return total;
}

} // namespace

std::uint64_t checksum(const void* elements, std::size_t size, std::size_t count, std::uint64_t first) {
  switch (size) {
  case 1:
    return sum<std::uint8_t>(elements, count, first);
  case 2:
    return sum<std::uint16_t>(elements, count, first);
  case 4:
    return sum<std::uint32_t>(elements, count, first);
  case 8:
    return sum<std::uint64_t>(elements, count, first);
  default:
    throw InternalError("no checksum for elements of " + std::to_string(size) + " bytes");
  }
}

} // namespace soapstone::h5
