// SPDX-License-Identifier: BSD-3-Clause
#include "stored_tree.hpp"

#include <algorithm>

namespace soapstone::h5 {

using Kind = StoredType::Kind;

namespace {

bool link_exists(hid_t file, const Place& place, const std::string& path) {
  const htri_t found = H5Lexists(file, path.c_str(), H5P_DEFAULT);
  if (found < 0)
    fail(place, "cannot be looked up, the file is damaged");
  return found > 0;
}

} // namespace

H5I_type_t object_type(hid_t file, const Place& place, const std::string& path) {
  return H5Iget_type(owned(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose, place,
                           "cannot be opened, the file is damaged")
                         .get());
}

bool object_exists(hid_t file, const Place& place) {
  const std::string& path = place.object;
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string group = path.substr(0, at);
    if (!link_exists(file, place, group) || object_type(file, place, group) != H5I_GROUP)
      return false;
  }
  return path == "/" || link_exists(file, place, path);
}

bool group_exists(hid_t file, const Place& place) {
  return object_exists(file, place) && object_type(file, place, place.object) == H5I_GROUP;
}

void expect_exists(hid_t file, const Place& place) {
  if (!object_exists(file, place))
    fail(place, "does not exist");
}

Handle open_object(hid_t file, const Place& place) {
  expect_exists(file, place);
  return owned(H5Oopen(file, place.object.c_str(), H5P_DEFAULT), H5Oclose, place, "cannot be opened");
}

std::vector<std::string> child_names(hid_t file, const Place& place) {
  expect_exists(file, place);
  const Handle group =
      owned(H5Gopen2(file, place.object.c_str(), H5P_DEFAULT), H5Gclose, place, "is not a group");
  H5G_info_t info{};
  check(H5Gget_info(group.get(), &info), place, "cannot be listed");
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto name_at = [&](char* buffer, std::size_t size) {
      return H5Lget_name_by_idx(group.get(), ".", H5_INDEX_NAME, H5_ITER_INC, i, buffer, size, H5P_DEFAULT);
    };
    const ssize_t length = name_at(nullptr, 0);
    std::string child(static_cast<std::size_t>(std::max<ssize_t>(length, 0)), '\0');
    if (length < 0 || name_at(child.data(), child.size() + 1) < 0)
      fail(place, "cannot be listed, the file is damaged");
    names.push_back(child);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::byte> read_attribute(hid_t file, const Place& object, const std::string& name, Kind kind,
                                      std::size_t bytes) {
  const Place place{object.file, object.object + " attribute '" + name + "'"};
  const Handle opened = open_object(file, object);
  const Handle found =
      owned(H5Aopen(opened.get(), name.c_str(), H5P_DEFAULT), H5Aclose, place, "does not exist");
  const Handle stored = owned(H5Aget_type(found.get()), H5Tclose, place, "its type cannot be read");
  const Handle native =
      owned(H5Tget_native_type(stored.get(), H5T_DIR_ASCEND), H5Tclose, place, "its type is not supported");
  const Handle space = owned(H5Aget_space(found.get()), H5Sclose, place, "its shape cannot be read");
  const StoredType type = stored_type(native.get());
  if (type.kind != kind || (bytes != 0 && type.size != bytes) ||
      H5Sget_simple_extent_npoints(space.get()) != 1)
    fail(place, "is " + type.describe() + ", expected one " + StoredType{kind, bytes}.describe());
  std::vector<std::byte> value(type.size);
  check(H5Aread(found.get(), native.get(), value.data()), place, "cannot be read, the file is damaged");
  return value;
}

} // namespace soapstone::h5
