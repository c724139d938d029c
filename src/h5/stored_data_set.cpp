// SPDX-License-Identifier: BSD-3-Clause
#include "stored_data_set.hpp"

#include "checksum.hpp"
#include "stored_tree.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace soapstone::h5 {

namespace {

constexpr std::size_t piece_bytes = std::size_t{16} << 20;

/// Elements of a shape that comes from a file, which may be anything.
std::size_t trusted_size(const Shape& shape, std::size_t element_bytes, const Place& place) {
  std::uint64_t count = 1;
  for (const auto extent : shape) {
    if (extent != 0 && count > std::numeric_limits<std::int64_t>::max() / element_bytes / extent)
      fail(place, "its shape is too large");
    count *= extent;
  }
  return static_cast<std::size_t>(count);
}

Shape stored_shape(hid_t set, const Place& place) {
  const Handle space = owned(H5Dget_space(set), H5Sclose, place, "its shape cannot be read");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (rank < 0)
    fail(place, "its shape cannot be read");
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  if (H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) < 0)
    fail(place, "its shape cannot be read");
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL)
    return {0};
  return {extents.begin(), extents.end()};
}

/// Bytes that one byte of another program's compressed data may stand for: what deflate reaches at most.
constexpr std::uint64_t largest_expansion = 1032;

/// Returns whether the stored bytes are the elements themselves: no filter that changes their number.
bool stored_plainly(hid_t set, const Place& place) {
  const Handle creation = owned(H5Dget_create_plist(set), H5Pclose, place, "its layout cannot be read");
  const int filters = H5Pget_nfilters(creation.get());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    if (H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr,
                       &config) != H5Z_FILTER_FLETCHER32)
      return false;
  }
  return filters >= 0;
}

} // namespace

StoredDataSet::StoredDataSet(hid_t file, Place place) : place_(std::move(place)) {
  expect_exists(file, place_);
  set_ = owned(H5Dopen2(file, place_.object.c_str(), H5P_DEFAULT), H5Dclose, place_,
               "cannot be opened as a data set");
  const Handle type = owned(H5Dget_type(set_.get()), H5Tclose, place_, "its type cannot be read");
  native_ =
      owned(H5Tget_native_type(type.get(), H5T_DIR_ASCEND), H5Tclose, place_, "its type is not supported");
  type_ = stored_type(native_.get());
  if (type_.kind == StoredType::Kind::other || type_.size == 0)
    fail(place_, "has a type that soapstone does not write");
  shape_ = stored_shape(set_.get(), place_);
  size_ = trusted_size(shape_, type_.size, place_);
  // What was never written would read as arbitrary numbers, and a forged shape would take all memory.
  const std::uint64_t expansion = stored_plainly(set_.get(), place_) ? 1 : largest_expansion;
  if (H5Dget_storage_size(set_.get()) * expansion / type_.size < size_)
    fail(place_, "is not completely in the file");
}

void StoredDataSet::expect(StoredType::Kind kind, std::size_t bytes) const {
  if (type_.kind != kind || (bytes != 0 && type_.size != bytes))
    fail(place_, "is " + type_.describe() + ", expected " + StoredType{kind, bytes}.describe());
}

void StoredDataSet::expect_single() const {
  if (size_ != 1)
    fail(place_, "has " + std::to_string(size_) + " elements, expected one");
}

std::uint64_t StoredDataSet::sum(const void* buffer, std::size_t first, std::size_t count) const {
  if (type_.kind == StoredType::Kind::text) // bytes, whatever the length of a text
    return checksum(buffer, 1, count * type_.size, first * type_.size);
  return checksum(buffer, type_.size, count, first);
}

void StoredDataSet::compare(std::uint64_t sum) const {
  const htri_t present = H5Aexists(set_.get(), checksum_attribute);
  if (present < 0)
    fail(place_, "its attributes cannot be read");
  if (present == 0)
    return; // written by another program
  const Handle attribute =
      owned(H5Aopen(set_.get(), checksum_attribute, H5P_DEFAULT), H5Aclose, place_, "has no checksum");
  std::uint64_t stored = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_UINT64, &stored), place_, "its checksum cannot be read");
  if (stored != sum)
    fail(place_, "is damaged: its checksum is wrong");
}

void StoredDataSet::read(void* buffer) const {
  if (size_ > 0)
    check(H5Dread(set_.get(), native_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer), place_,
          "cannot be read, the file is damaged");
  compare(sum(buffer, 0, size_));
}

void StoredDataSet::read_piece(std::uint64_t first_row, std::uint64_t rows, void* buffer) const {
  std::vector<hsize_t> start(shape_.size(), 0), count(shape_.begin(), shape_.end());
  start[0] = first_row;
  count[0] = rows;
  const Handle there = owned(H5Dget_space(set_.get()), H5Sclose, place_, "no data space");
  check(H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
        place_, "no selection");
  const Handle here = owned(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose,
                            place_, "no data space");
  check(H5Dread(set_.get(), native_.get(), here.get(), there.get(), H5P_DEFAULT, buffer), place_,
        "cannot be read, the file is damaged");
}

void StoredDataSet::verify() const {
  if (size_ * type_.size <= piece_bytes || shape_.empty()) {
    read(std::vector<std::byte>(size_ * type_.size).data());
    return;
  }
  const std::size_t row = size_ / static_cast<std::size_t>(shape_[0]);
  const std::size_t rows_at_once = std::max<std::size_t>(piece_bytes / (row * type_.size), 1);
  std::vector<std::byte> buffer(rows_at_once * row * type_.size);
  std::uint64_t total = 0;
  for (std::uint64_t first = 0; first < shape_[0]; first += rows_at_once) {
    const auto rows = std::min<std::uint64_t>(rows_at_once, shape_[0] - first);
    read_piece(first, rows, buffer.data());
    total += sum(buffer.data(), static_cast<std::size_t>(first) * row, static_cast<std::size_t>(rows) * row);
  }
  compare(total);
}

} // namespace soapstone::h5
