// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

#include "soapstone/h5/file.hpp"

#include <cstdint>
#include <string>

namespace soapstone::h5 {

/// Native HDF5 type of T; `file_type` its little-endian form in the file.
template <typename T>
hid_t memory_type();
template <typename T>
hid_t file_type();

/// File access: format 1.10, whose metadata are checksummed, and no file locks, which some parallel file
/// systems lack.
Handle file_access(const Place& place);

/// Makes an HDF5 file of one that exists, under its temporary name. Without time stamps: equal contents make
/// equal files.
Handle create_file(const std::string& temporary, hid_t access, const Place& place);

/// A fixed-length UTF-8 string type, padded with zeros.
Handle string_type(std::size_t length, const Place& place);

/// Product of the extents; throws InternalError when it exceeds 64 bits.
std::uint64_t elements(const Shape& shape);

inline constexpr std::size_t chunk_bytes = std::size_t{1} << 20; ///< as HDF5's chunk cache has

/// Chunks of at most `bytes`: the last indices whole as far as they fit.
Shape chunk_shape(const Shape& shape, std::size_t element_size, std::size_t bytes);

/// A new data set, chunked and with Fletcher-32, unless it has no elements. Makes the groups on the way.
Handle create_data_set(hid_t file, const Place& place, hid_t type, const Shape& shape, const Shape& chunk);

/// Scalar attribute of an open object.
void write_attribute(hid_t object, const Place& place, const std::string& name, hid_t file_type,
                     hid_t memory_type, const void* value);
void write_text_attribute(hid_t object, const Place& place, const std::string& name, const std::string& text);
void write_checksum(hid_t data_set, const Place& place, std::uint64_t value);

} // namespace soapstone::h5
