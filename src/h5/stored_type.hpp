// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace soapstone::h5 {

/// Holds what a stored type is; `size` in bytes of one element.
struct StoredType {
  enum class Kind { real, signed_integer, unsigned_integer, text, other };
  Kind kind = Kind::other;
  std::size_t size = 0;
  std::string describe() const; ///< "float64", "fixed-length text"
};

StoredType stored_type(hid_t type);

/// The integer of this type at an address, or fail() when it does not fit.
std::int64_t integer_at(const std::byte* at, const StoredType& type, const Place& place);

/// Fixed-length text without its padding.
std::string text_at(const std::byte* at, std::size_t length);

} // namespace soapstone::h5
