// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/cli/option_table.hpp"

#include <algorithm>
#include <vector>

namespace soapstone::cli {

namespace {

constexpr std::string_view weight_name = "kernel.N.weight";

const Option* find(std::string_view name) {
  const auto row = std::find_if(option_table().begin(), option_table().end(),
                                [&](const Option& o) { return o.name == name; });
  return row == option_table().end() ? nullptr : &*row;
}

/// A key split at "kernel.<N>.": the prefix (empty if there is none), N and what follows.
struct KernelKey {
  std::string prefix, rest;
  int number = 0;
};

KernelKey split_kernel_key(const std::string& key) {
  const auto parts = split(key, '.');
  if (parts.size() < 3 || parts[0] != "kernel")
    return {{}, key, 0};
  const auto number = parse_integer(parts[1]);
  if (!number || *number < 1 || *number > 1000000 || std::to_string(*number) != parts[1])
    return {{}, key, 0};
  const std::string prefix = "kernel." + parts[1] + ".";
  return {prefix, key.substr(prefix.size()), static_cast<int>(*number)};
}

std::vector<std::string> known_keys(const KernelKey& key, CommandSet set) {
  std::vector<std::string> names;
  for (const Option& option : option_table()) {
    if ((option.used_by & set) == 0 || option.name == weight_name)
      continue;
    if (key.number > 0 && !option.per_kernel)
      continue;
    names.emplace_back(key.number > 0 && option.name == "kernel.zeta" ? "zeta" : option.name);
  }
  if (key.number > 0)
    names.emplace_back("weight");
  return names;
}

/// The known key that ends in `name`, as in "cutoff" for "soap.cutoff", if there is exactly one.
std::string with_section(const std::string& name, const std::vector<std::string>& known) {
  const std::string last = "." + name.substr(name.rfind('.') + 1);
  std::string found;
  for (const auto& key : known) {
    if (("." + key).ends_with(last)) {
      if (!found.empty())
        return {};
      found = key;
    }
  }
  return found;
}

} // namespace

const Option& option_named(std::string_view name) {
  const Option* option = find(name);
  expects(option != nullptr, "the option is in the table");
  return *option;
}

std::optional<KeyMatch> match_key(const std::string& key) {
  const KernelKey parts = split_kernel_key(key);
  if (parts.number == 0) {
    const Option* option = key == weight_name ? nullptr : find(key);
    return option == nullptr ? std::nullopt : std::optional<KeyMatch>({option, 0});
  }
  if (parts.rest == "weight")
    return KeyMatch{find(weight_name), parts.number};
  const Option* option = parts.rest == "zeta" ? find("kernel.zeta") : find(parts.rest);
  if (option == nullptr || !option->per_kernel || parts.rest == "kernel.zeta")
    return std::nullopt;
  return KeyMatch{option, parts.number};
}

ConfigError unknown_key(const std::string& key, const std::string& where, CommandSet set) {
  const KernelKey parts = split_kernel_key(key);
  std::string nearest;
  for (const CommandSet candidates : {set, sets::all}) {
    const auto known = known_keys(parts, candidates);
    if (nearest.empty())
      nearest = with_section(parts.rest, known);
    if (nearest.empty())
      nearest = nearest_name(parts.rest, known);
  }
  return ConfigError("unknown key '" + key + "'" +
                         (nearest.empty() ? "" : ": did you mean '" + parts.prefix + nearest + "'?"),
                     key, where);
}

std::string_view section_of(const Option& option) {
  const auto dot = option.name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : option.name.substr(0, dot);
}

} // namespace soapstone::cli
