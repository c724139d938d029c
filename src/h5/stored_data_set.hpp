// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"
#include "stored_type.hpp"

#include "soapstone/h5/file.hpp"

#include <cstddef>

namespace soapstone::h5 {

/// A data set opened for reading.
class StoredDataSet {
public:
  StoredDataSet(hid_t file, Place place);

  const Place& place() const { return place_; }
  const Shape& shape() const { return shape_; }
  const StoredType& type() const { return type_; }
  std::size_t size() const { return size_; } ///< number of elements

  /// Fails unless the stored type is of this kind and, where `bytes` is not zero, of this size.
  void expect(StoredType::Kind kind, std::size_t bytes) const;
  /// Fails unless there is exactly one element.
  void expect_single() const;
  /// Reads all elements in their native form, size() * type().size bytes, and compares with the checksum.
  void read(void* buffer) const;
  /// Does the same without keeping more than a piece in memory.
  void verify() const;

private:
  void read_piece(std::uint64_t first_row, std::uint64_t rows, void* buffer) const;
  std::uint64_t sum(const void* buffer, std::size_t first, std::size_t count) const;
  void compare(std::uint64_t sum) const;

  Place place_;
  Handle set_, native_;
  Shape shape_;
  StoredType type_;
  std::size_t size_ = 0;
};

} // namespace soapstone::h5
