// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/record.hpp"

#include "soapstone/base/check.hpp"

#include <cstring>
#include <type_traits>

namespace soapstone::search {

namespace {

template <typename T>
void put(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

void put(std::string& bytes, const std::string& text) {
  put(bytes, text.size());
  bytes += text;
}

std::string_view take_bytes(std::string_view& bytes, std::size_t count) {
  expects(bytes.size() >= count, "a whole record");
  const auto taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

template <typename T>
T take(std::string_view& bytes) {
  T value;
  std::memcpy(&value, take_bytes(bytes, sizeof(T)).data(), sizeof(T));
  return value;
}

std::string take_text(std::string_view& bytes) {
  const auto size = take<std::size_t>(bytes);
  return std::string(take_bytes(bytes, size));
}

} // namespace

std::string pack(const Record& record) {
  std::string bytes;
  put(bytes, record.task.rung);
  put(bytes, record.task.point);
  put(bytes, record.code);
  put(bytes, record.message);
  put(bytes, record.values.size());
  for (const double value : record.values)
    put(bytes, value);
  put(bytes, record.failures.size());
  for (const auto& failure : record.failures)
    put(bytes, failure);
  put(bytes, record.seconds);
  return bytes;
}

Record unpack(std::string_view& bytes) {
  Record record;
  record.task.rung = take<std::int64_t>(bytes);
  record.task.point = take<std::int64_t>(bytes);
  record.code = take<int>(bytes);
  record.message = take_text(bytes);
  const auto values = take<std::size_t>(bytes);
  expects(values <= bytes.size() / sizeof(double), "a whole record");
  for (std::size_t i = 0; i < values; ++i)
    record.values.push_back(take<double>(bytes));
  const auto failures = take<std::size_t>(bytes);
  for (std::size_t i = 0; i < failures; ++i)
    record.failures.push_back(take_text(bytes));
  record.seconds = take<double>(bytes);
  return record;
}

} // namespace soapstone::search
