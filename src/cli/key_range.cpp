// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/key_range.hpp"

#include "soapstone/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::cli {

namespace {

constexpr std::int64_t most_values = 100000;

[[noreturn]] void refuse(const options::Assignment& given) {
  throw ConfigError(given.key + " = " + given.value +
                        ": expected lo:hi:n (n >= 2), lo:hi:logN (lo and hi > 0) or a,b,c without repetition",
                    given.key, given.source);
}

/// Step i of n from lo to hi, the ends exactly.
double step(double lo, double hi, std::int64_t i, std::int64_t n, bool logarithmic) {
  if (i == 0 || i == n - 1)
    return i == 0 ? lo : hi;
  const double share = static_cast<double>(i) / static_cast<double>(n - 1);
  return logarithmic ? std::exp(std::log(lo) + share * (std::log(hi) - std::log(lo)))
                     : lo + share * (hi - lo);
}

std::vector<std::string> between(const options::Assignment& given) {
  const auto parts = split(given.value, ':');
  if (parts.size() != 3)
    refuse(given);
  const bool logarithmic = parts[2].starts_with("log");
  const auto lo = parse_double(parts[0]), hi = parse_double(parts[1]);
  const auto n = parse_integer(logarithmic ? parts[2].substr(3) : parts[2]);
  if (!lo || !hi || !n || !std::isfinite(*lo) || !std::isfinite(*hi) || *n < 2 || *n > most_values)
    refuse(given);
  if (logarithmic && !(*lo > 0 && *hi > 0))
    refuse(given);
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < *n; ++i) // 12 digits: 0.3 and not 0.30000000000000004
    values.push_back(format("%.12g", step(*lo, *hi, i, *n, logarithmic)));
  return values;
}

} // namespace

std::vector<std::string> expand_range(const options::Assignment& given, const Option& option) {
  std::vector<std::string> values;
  if (given.value.find(',') != std::string::npos) {
    for (const auto& value : split(given.value, ','))
      values.emplace_back(trim(value));
  } else if ((option.kind == ValueKind::number || option.kind == ValueKind::integer) &&
             given.value.find(':') != std::string::npos) {
    values = between(given);
  } else {
    return {given.value};
  }
  auto sorted = values;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    refuse(given);
  return values;
}

} // namespace soapstone::cli
