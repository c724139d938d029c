// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"
#include "stored_type.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace soapstone::h5 {

/// Returns whether an absolute path leads to an object. Fails if the answer cannot be read.
bool object_exists(hid_t file, const Place& place);

/// Type of the object at `path`; fails, naming `place`, where it cannot be opened.
H5I_type_t object_type(hid_t file, const Place& place, const std::string& path);

/// Returns whether it exists and is a group.
bool group_exists(hid_t file, const Place& place);

/// Fails unless it exists.
void expect_exists(hid_t file, const Place& place);

/// Any object, opened.
Handle open_object(hid_t file, const Place& place);

/// Sorted names in a group.
std::vector<std::string> child_names(hid_t file, const Place& place);

/// Value of a scalar attribute in its native form; fails unless it is of this kind and, where `bytes` is not
/// zero, of this size.
std::vector<std::byte> read_attribute(hid_t file, const Place& object, const std::string& name,
                                      StoredType::Kind kind, std::size_t bytes);

} // namespace soapstone::h5
