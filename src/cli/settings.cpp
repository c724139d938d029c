// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/settings.hpp"

#include "soapstone/cli/key_range.hpp"

#include "soapstone/cli/value.hpp"

#include <set>

namespace soapstone::cli {

namespace {

/// "soap.cutoff" for kernel 2: "kernel.2.soap.cutoff"; "kernel.zeta": "kernel.2.zeta".
std::string key_of(std::string_view name, int kernel) {
  if (kernel == 0)
    return std::string(name);
  const auto own = section_of(option_named(name)) == "kernel" ? name.substr(name.rfind('.') + 1) : name;
  return "kernel." + std::to_string(kernel) + "." + std::string(own);
}

[[noreturn]] void given_twice(const options::Assignment& first, const options::Assignment& second) {
  throw ConfigError(second.key + " is given twice, as " + first.value +
                        (first.source == second.source ? "" : " (" + first.source + ")") + " and as " +
                        second.value + (first.source == second.source ? "" : " (" + second.source + ")"),
                    second.key, second.source);
}

} // namespace

Settings::Settings(const std::string& command) : command_(command), set_(only(command_named(command))) {}

void Settings::insert(std::map<EntryKey, Entry>& entries, const options::Assignment& given,
                      Layer layer) const {
  const auto match = match_key(given.key);
  if (!match)
    throw unknown_key(given.key, given.source, layer == Layer::command_line ? set_ : sets::all);
  if (layer == Layer::command_line && (match->option->used_by & set_) == 0)
    throw ConfigError(given.key + " does not apply to '" + command_ + "' (it applies to " +
                          command_names(match->option->used_by) + ")",
                      given.key, given.source);
  if (layer == Layer::file && given.key == "config")
    throw ConfigError("config: a configuration file cannot name another one", given.key, given.source);
  Entry& entry = entries[{match->kernel, given.key}];
  if (!entry.given.empty() && !match->option->repeatable)
    given_twice(entry.given.front(), given);
  entry.option = match->option;
  entry.values = {given.value};
  // Ranges are for `search` (and, of regularisations, `evaluate`); a file made for it still serves commands
  // that do not use the key, but not `train`.
  if (match->option->scannable &&
      ((set_ & (sets::search | match->option->also_scanned_by)) != 0 || (match->option->used_by & set_) == 0))
    entry.values = expand_range(given, *match->option);
  for (const auto& value : entry.values)
    check_value({given.key, value, given.source}, *match->option);
  entry.given.push_back(given);
}

void Settings::add(const std::vector<options::Assignment>& assignments, Layer layer) {
  std::map<EntryKey, Entry> entries;
  for (const auto& given : assignments)
    insert(entries, given, layer);
  for (auto& [key, entry] : entries)
    entries_.insert_or_assign(key, std::move(entry));
}

const Settings::Entry* Settings::find(std::string_view name, int kernel) const {
  const auto at = entries_.find({kernel, key_of(name, kernel)});
  return at == entries_.end() ? nullptr : &at->second;
}

bool Settings::has(const std::string& name, int kernel) const {
  return find(name, kernel) != nullptr;
}

options::Assignment Settings::get(std::string_view name, int kernel) const {
  const Entry* entry = find(name, kernel);
  if (entry == nullptr && kernel != 0 && name != "kernel.N.weight")
    entry = find(name, 0);
  if (entry == nullptr)
    return {key_of(name, 0), std::string(option_named(name).default_text), "default"};
  const options::Assignment& given = entry->given.front();
  return {given.key, entry->values.front(), given.source};
}

std::vector<options::Assignment> Settings::scanned(std::string_view name) const {
  const Entry* entry = find(name, 0);
  if (entry == nullptr)
    return {get(name)};
  std::vector<options::Assignment> values;
  for (const auto& value : entry->values)
    values.push_back({entry->given.front().key, value, entry->given.front().source});
  return values;
}

std::vector<options::Assignment> Settings::all(std::string_view name) const {
  if (const Entry* entry = find(name, 0))
    return entry->given;
  const options::Assignment otherwise = get(name);
  return otherwise.value.empty() ? std::vector<options::Assignment>{} : std::vector{otherwise};
}

std::vector<int> Settings::kernels() const {
  std::set<int> numbers;
  for (const auto& [key, entry] : entries_)
    if (key.first != 0 && (entry.option->used_by & set_) != 0)
      numbers.insert(key.first);
  return {numbers.begin(), numbers.end()};
}

std::vector<options::KeyRange> Settings::ranges() const {
  std::vector<options::KeyRange> ranges;
  if (set_ != sets::search)
    return ranges;
  for (const auto& [key, entry] : entries_)
    if (entry.values.size() > 1)
      ranges.push_back({key.second, entry.values});
  return ranges;
}

std::vector<options::Assignment> Settings::effective() const {
  std::vector<options::Assignment> keys;
  for (const Option& option : option_table()) {
    if ((option.used_by & set_) == 0 || option.name == "kernel.N.weight")
      continue;
    for (const auto& given : all(option.name))
      keys.push_back(given);
  }
  for (const int kernel : kernels())
    for (const Option& option : option_table())
      if (const Entry* entry = (option.used_by & set_) != 0 ? find(option.name, kernel) : nullptr)
        keys.push_back(entry->given.front());
  return keys;
}

} // namespace soapstone::cli
