// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/prediction_keys.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/formats/stated_unit.hpp"

#include <algorithm>
#include <map>

namespace soapstone::report {

namespace {

/// Returns the keys of every structure, with what they mean.
std::map<std::string, std::string> keys_of_structures(bool novelty) {
  std::map<std::string, std::string> meanings{{"index", "the number of the structure"},
                                              {"Properties", "the names of the columns"},
                                              {"Lattice", "the cell"},
                                              {"pbc", "the directions of periodicity"}};
  if (novelty)
    meanings["novelty"] = "the novelty of the structure";
  return meanings;
}

/// Returns the keys of one target, as they are written.
std::vector<std::string> keys_of(const std::string& name, bool uncertainty) {
  std::vector<std::string> keys{name, name + "_unit", name + "_scope", "predicted_" + name};
  if (uncertainty)
    keys.insert(keys.end(), {"uncertainty_" + name, "interval_95_" + name});
  return keys;
}

bool holds(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace

bool is_prediction_key(const std::string& key, const std::vector<std::string>& targets) {
  return key == "index" || key == "novelty" ||
         std::any_of(targets.begin(), targets.end(), [&](const std::string& name) {
           return holds(keys_of(name, true), key) || formats::states_unit_of(key, name) ||
                  key == "predicted_" + name + "_unit" || key == "predicted_" + name + "_scope";
         });
}

void require_distinct_keys(const std::vector<std::string>& targets, const regression::PredictionWish& wish) {
  auto meanings = keys_of_structures(wish.novelty);
  for (const auto& name : targets) {
    for (const auto& key : keys_of(name, wish.uncertainty))
      if (const auto [at, is_new] = meanings.emplace(key, "that of the target '" + name + "'"); !is_new)
        throw ConfigError("in extended XYZ, '" + key + "' of the target '" + name + "' would replace " +
                              at->second + "; write CSV instead: --output FILE.csv",
                          "output");
    if (wish.atoms && name.find(':') != std::string::npos)
      throw ConfigError("the name of an array in extended XYZ cannot contain a colon, as atomic_" + name +
                            " does: omit predict.per-atom",
                        "predict.per-atom");
  }
}

} // namespace soapstone::report
