// SPDX-License-Identifier: BSD-3-Clause
#include "stored_type.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace soapstone::h5 {

using Kind = StoredType::Kind;

namespace {

template <typename T>
std::int64_t widened(const std::byte* at, const Place& place) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  if (!std::in_range<std::int64_t>(value))
    fail(place, "holds an integer above 2^63 - 1");
  return static_cast<std::int64_t>(value);
}

} // namespace

std::string StoredType::describe() const {
  const std::string bits = std::to_string(8 * size);
  switch (kind) {
  case Kind::real:
    return "float" + bits;
  case Kind::signed_integer:
    return "int" + bits;
  case Kind::unsigned_integer:
    return "uint" + bits;
  case Kind::text:
    return "fixed-length text";
  default:
    return "another type";
  }
}

StoredType stored_type(hid_t type) {
  StoredType result;
  result.size = H5Tget_size(type);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_FLOAT && (result.size == 4 || result.size == 8))
    result.kind = StoredType::Kind::real;
  else if (kind == H5T_INTEGER &&
           (result.size == 1 || result.size == 2 || result.size == 4 || result.size == 8))
    result.kind = H5Tget_sign(type) == H5T_SGN_NONE ? StoredType::Kind::unsigned_integer
                                                    : StoredType::Kind::signed_integer;
  else if (kind == H5T_STRING && H5Tis_variable_str(type) == 0)
    result.kind = StoredType::Kind::text;
  return result;
}

std::int64_t integer_at(const std::byte* at, const StoredType& type, const Place& place) {
  const bool is_signed = type.kind == Kind::signed_integer;
  switch (type.size) {
  case 1:
    return is_signed ? widened<std::int8_t>(at, place) : widened<std::uint8_t>(at, place);
  case 2:
    return is_signed ? widened<std::int16_t>(at, place) : widened<std::uint16_t>(at, place);
  case 4:
    return is_signed ? widened<std::int32_t>(at, place) : widened<std::uint32_t>(at, place);
  default:
    return is_signed ? widened<std::int64_t>(at, place) : widened<std::uint64_t>(at, place);
  }
}

std::string text_at(const std::byte* at, std::size_t length) {
  const auto* bytes = reinterpret_cast<const char*>(at);
  return {bytes, static_cast<std::size_t>(std::find(bytes, bytes + length, '\0') - bytes)};
}

} // namespace soapstone::h5
