// SPDX-License-Identifier: BSD-3-Clause
#include "verify_tree.hpp"

#include "stored_data_set.hpp"
#include "stored_tree.hpp"

#include <cstddef>
#include <vector>

namespace soapstone::h5 {

namespace {

constexpr int deepest_group = 64; // groups of a forged file may contain themselves

Handle open_attribute(hid_t object, hsize_t index, const Place& place) {
  return owned(H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, index, H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose, place, "its attributes cannot be read, the file is damaged");
}

void verify_attributes(hid_t file, const Place& place) {
  const Handle object = open_object(file, place);
  H5O_info_t info{};
#if H5_VERSION_GE(1, 12, 0)
  check(H5Oget_info3(object.get(), &info, H5O_INFO_NUM_ATTRS), place, "its attributes cannot be read");
#else
  check(H5Oget_info2(object.get(), &info, H5O_INFO_NUM_ATTRS), place, "its attributes cannot be read");
#endif
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Handle attribute = open_attribute(object.get(), i, place);
    const Handle type = owned(H5Aget_type(attribute.get()), H5Tclose, place, "an attribute has no type");
    if (stored_type(type.get()).kind == StoredType::Kind::other)
      fail(place, "has an attribute of a type that soapstone does not write");
    std::vector<std::byte> value(static_cast<std::size_t>(H5Aget_storage_size(attribute.get())));
    if (!value.empty())
      check(H5Aread(attribute.get(), type.get(), value.data()), place, "an attribute cannot be read");
  }
}

} // namespace

void verify_tree(hid_t file, const Place& place, int depth) {
  if (depth > deepest_group)
    fail(place, "is nested too deeply");
  verify_attributes(file, place);
  const H5I_type_t kind = object_type(file, place, place.object);
  if (kind == H5I_DATASET)
    StoredDataSet(file, place).verify();
  else if (kind == H5I_GROUP)
    for (const auto& child : child_names(file, place))
      verify_tree(file, {place.file, (depth == 0 ? "" : place.object) + '/' + child}, depth + 1);
}

} // namespace soapstone::h5
