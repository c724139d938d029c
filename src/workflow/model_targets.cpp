// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/model_targets.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>

namespace soapstone::workflow {

namespace {

using Names = std::vector<std::string>;

std::string listed(const Names& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names given_targets(const options::Configuration& configuration) {
  Names names;
  for (const auto& target : configuration.data.targets)
    names.push_back(target.key);
  return names;
}

std::string source_of(const options::Configuration& configuration, const std::string& key) {
  const auto& keys = configuration.effective;
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const options::Assignment& one) { return one.key == key; });
  return found == keys.end() ? "" : found->source;
}

} // namespace

Names in_order_of(const Names& targets, const Names& given, const std::string& source) {
  if (given.size() != targets.size())
    throw ConfigError(format("the model predicts %s (%s): give the same number of keys with `target`",
                             format_count(static_cast<std::int64_t>(targets.size()), "target").c_str(),
                             listed(targets).c_str()),
                      "target", source);
  if (std::all_of(given.begin(), given.end(), [&](const auto& name) { return holds(targets, name); }))
    return targets;
  for (std::size_t t = 0; t < given.size(); ++t)
    if (holds(targets, given[t]) && given[t] != targets[t])
      throw ConfigError(
          "`target` = " + given[t] + " would be compared with predictions of " + targets[t] +
              ". Keys that are not targets of the model correspond to its targets in the order " +
              listed(targets) + "; give " + given[t] + " at its position in this order",
          "target", source);
  return given;
}

options::Configuration with_targets_of(const regression::Model& model,
                                       const options::Configuration& configuration,
                                       const options::WithValues& with_values) {
  const auto own = target_names(model);
  const auto target_key = options::key_of("target");
  const bool named = is_given(configuration, target_key);
  const auto names =
      named ? in_order_of(own, given_targets(configuration), source_of(configuration, target_key)) : own;
  std::vector<options::Assignment> changes;
  changes.reserve(names.size() + 2);
  for (const auto& name : names)
    changes.push_back({target_key, name, named ? source_of(configuration, target_key) : "model"});
  for (const auto& key : {options::key_of("target_unit"), options::key_of("target_scope")})
    if (const auto found = model.configuration.find(key);
        found != model.configuration.end() && !is_given(configuration, key))
      changes.push_back({key, found->second, "model"});
  return with_values(configuration, changes);
}

bool is_given(const options::Configuration& configuration, const std::string& key) {
  return std::any_of(configuration.effective.begin(), configuration.effective.end(),
                     [&](const auto& one) { return one.key == key && one.source != "default"; });
}

Names target_names(const regression::Model& model) {
  Names names;
  for (const auto& target : model.targets)
    names.push_back(target.name);
  return names;
}

} // namespace soapstone::workflow
