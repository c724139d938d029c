// SPDX-License-Identifier: BSD-3-Clause
#include "data_set.hpp"

#include "checksum.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::h5 {

// HDF5's type names are macros around variables that exist only once the library runs, hence functions.
template <>
hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t memory_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
hid_t memory_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t memory_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t memory_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
hid_t file_type<double>() {
  return H5T_IEEE_F64LE;
}
template <>
hid_t file_type<float>() {
  return H5T_IEEE_F32LE;
}
template <>
hid_t file_type<std::int64_t>() {
  return H5T_STD_I64LE;
}
template <>
hid_t file_type<std::int32_t>() {
  return H5T_STD_I32LE;
}
template <>
hid_t file_type<std::uint8_t>() {
  return H5T_STD_U8LE;
}

Handle file_access(const Place& place) {
  Handle access = owned(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, place, "no file access list");
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110), place, "no format 1.10");
#if H5_VERSION_GE(1, 10, 7)
  check(H5Pset_file_locking(access.get(), false, true), place, "file locking cannot be switched off");
#endif
  return access;
}

Handle create_file(const std::string& temporary, hid_t access, const Place& place) {
  const Handle creation = owned(H5Pcreate(H5P_FILE_CREATE), H5Pclose, place, "no file creation list");
  check(H5Pset_obj_track_times(creation.get(), false), place, "time stamps cannot be switched off");
  return owned(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation.get(), access), H5Fclose, place,
               "cannot be created");
}

Handle string_type(std::size_t length, const Place& place) {
  Handle type = owned(H5Tcopy(H5T_C_S1), H5Tclose, place, "no string type");
  check(H5Tset_size(type.get(), std::max<std::size_t>(length, 1)), place, "the text is too long");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), place, "no string padding");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), place, "no UTF-8");
  return type;
}

std::uint64_t elements(const Shape& shape) {
  std::uint64_t count = 1;
  for (const auto extent : shape) {
    expects(extent == 0 || count <= std::numeric_limits<std::uint64_t>::max() / extent, "a 64-bit size");
    count *= extent;
  }
  return count;
}

Shape chunk_shape(const Shape& shape, std::size_t element_size, std::size_t bytes) {
  Shape chunk(shape.size(), 1);
  std::uint64_t room = std::max<std::uint64_t>(bytes / element_size, 1);
  for (std::size_t i = shape.size(); i-- > 0;) {
    chunk[i] = std::clamp<std::uint64_t>(room, 1, std::max<std::uint64_t>(shape[i], 1));
    room /= chunk[i];
  }
  return chunk;
}

namespace {

/// Makes the groups above an object one by one, since those that HDF5 makes by itself carry time stamps.
void make_groups(hid_t file, const Place& place) {
  const Handle creation = owned(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, place, "no group creation list");
  check(H5Pset_obj_track_times(creation.get(), false), place, "time stamps cannot be switched off");
  for (auto at = place.object.find('/', 1); at != std::string::npos; at = place.object.find('/', at + 1)) {
    const std::string group = place.object.substr(0, at);
    if (H5Lexists(file, group.c_str(), H5P_DEFAULT) == 0)
      owned(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose, place,
            "its group cannot be created");
  }
}

Handle creation_list(const Place& place, const Shape& shape, const Shape& chunk) {
  Handle creation = owned(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, place, "no data set creation list");
  check(H5Pset_obj_track_times(creation.get(), false), place, "time stamps cannot be switched off");
  check(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), place, "filling cannot be switched off");
  if (elements(shape) == 0)
    return creation; // chunks may not be larger than the data set, and there is nothing to protect
  const std::vector<hsize_t> extents(chunk.begin(), chunk.end());
  check(H5Pset_chunk(creation.get(), static_cast<int>(extents.size()), extents.data()), place, "no chunks");
  check(H5Pset_fletcher32(creation.get()), place, "no checksums");
  return creation;
}

} // namespace

Handle create_data_set(hid_t file, const Place& place, hid_t type, const Shape& shape, const Shape& chunk) {
  if (place.object.size() < 2 || place.object.front() != '/' || place.object.back() == '/')
    throw InternalError("'" + place.object + "' is not a path of a data set");
  make_groups(file, place);
  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  const Handle space = owned(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                             H5Sclose, place, "no data space");
  const Handle creation = creation_list(place, shape, chunk);
  return owned(
      H5Dcreate2(file, place.object.c_str(), type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
      H5Dclose, place, "cannot be created");
}

void write_attribute(hid_t object, const Place& place, const std::string& name, hid_t file_type,
                     hid_t memory_type, const void* value) {
  const Place there{place.file, place.object + " attribute '" + name + "'"};
  const Handle space = owned(H5Screate(H5S_SCALAR), H5Sclose, there, "no data space");
  Handle attribute = owned(H5Acreate2(object, name.c_str(), file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose, there, "cannot be created");
  check(H5Awrite(attribute.get(), memory_type, value), there, "cannot be written");
  if (!attribute.close())
    fail(there, "cannot be written");
}

void write_text_attribute(hid_t object, const Place& place, const std::string& name,
                          const std::string& text) {
  // Longer attributes leave the object's header for a place in the file that has no checksum.
  expects(text.size() <= 60000, "at most 60000 bytes in an attribute");
  expects(text.find('\0') == std::string::npos, "no zero byte in a text");
  const Handle type = string_type(text.size(), place);
  const char* buffer = text.c_str(); // with the zero that pads an empty text to one byte
  write_attribute(object, place, name, type.get(), type.get(), buffer);
}

void write_checksum(hid_t data_set, const Place& place, std::uint64_t value) {
  write_attribute(data_set, place, checksum_attribute, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

} // namespace soapstone::h5
