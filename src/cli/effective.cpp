// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/effective.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/cli/value.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>
#include <exception>

namespace soapstone::cli {

namespace {

/// The value as the type it has; what does not parse as this is a range.
options::Value typed_value(const options::Assignment& given, const Option& option) {
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

std::vector<options::EffectiveValue> effective_values(const options::Configuration& configuration) {
  std::vector<options::EffectiveValue> keys;
  for (const auto& given : configuration.effective) {
    const auto match = match_key(given.key);
    const bool repeatable = match && match->option->repeatable;
    options::Value value = match ? typed_value(given, *match->option) : options::Value(given.value);
    if (repeatable && !keys.empty() && keys.back().key == given.key)
      keys.back().values.push_back(std::move(value));
    else
      keys.push_back({given.key, {std::move(value)}, repeatable});
  }
  return keys;
}

ConfigError with_place(const ConfigError& error, const options::Configuration& configuration) {
  const auto known = options::key_of(error.parameter());
  const auto& key = known.empty() ? error.parameter() : known;
  if (!error.where().empty() || key.empty())
    return error;
  const options::Assignment* found = nullptr;
  for (const auto& given :
       configuration.effective) { // one of the keys of several kernels, if it is the only one
    const auto match = match_key(given.key);
    if (!match || match->option->name != key || given.source.find(':') == std::string::npos)
      continue;
    if (found != nullptr && found->key != given.key)
      return error;
    found = found == nullptr ? &given : found; // of a key that is repeated the first
  }
  return found == nullptr ? error : ConfigError(error.what(), found->key, found->source);
}

} // namespace soapstone::cli
