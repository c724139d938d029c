// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/effective.hpp"

#include "soapstone/app/value.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <exception>

namespace soapstone::app {

namespace {

/// The value as the type it has; what does not parse as this is a range.
Value typed_value(const Assignment& given, const Option& option) {
  const bool counts = option.words == "2|3"; // words that are numbers
  if (is_word(given, option) && !counts)
    return as_word(given, option);
  try {
    switch (option.kind) {
    case ValueKind::flag:
    case ValueKind::boolean:
      return as_boolean(given, option);
    case ValueKind::number:
      return as_number(given, option);
    case ValueKind::integer:
      return as_integer(given, option);
    default:
      if (const auto number = counts ? parse_integer(given.value) : std::nullopt)
        return *number;
      return given.value;
    }
  } catch (const std::exception&) {
    return given.value;
  }
}

} // namespace

std::vector<EffectiveValue> effective_values(const Configuration& configuration) {
  std::vector<EffectiveValue> keys;
  for (const auto& given : configuration.effective) {
    const auto match = match_key(given.key);
    const bool repeatable = match && match->option->repeatable;
    Value value = match ? typed_value(given, *match->option) : Value(given.value);
    if (repeatable && !keys.empty() && keys.back().key == given.key)
      keys.back().values.push_back(std::move(value));
    else
      keys.push_back({given.key, {std::move(value)}, repeatable});
  }
  return keys;
}

} // namespace soapstone::app
