// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace soapstone::h5 {

/// Name of the attribute that holds a data set's checksum.
inline constexpr const char* checksum_attribute = "checksum";

/// Sum modulo 2^64, over elements i counted from `first`, of mix(i, bits of element i). A sum, so that the
/// ranks' parts of a data set add up to its checksum in any layout. It is kept beside HDF5's Fletcher-32
/// because that one cannot tell the 16-bit words 0x0000 and 0xFFFF apart: a zeroed page in a data set of -1
/// would go unseen. `size` is the element's size: 1, 2, 4 or 8 bytes.
std::uint64_t checksum(const void* elements, std::size_t size, std::size_t count, std::uint64_t first);

} // namespace soapstone::h5
