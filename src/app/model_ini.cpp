// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/model_ini.hpp"

#include "soapstone/app/idle_keys.hpp"

#include <algorithm>
#include <iterator>

namespace soapstone::app {

namespace {

/// Keys of how a command ran and what it wrote are none of the trained model's.
bool is_of_model(const Assignment& given) {
  const auto match = match_key(given.key);
  if (!match || (match->option->used_by & commands::train) == 0)
    return false;
  const auto section = section_of(*match->option);
  return !section.empty() && section != "parallel" && section != "plan";
}

/// `train` would warn of keys that change nothing with the others.
void drop_idle(std::vector<EffectiveKey>& keys) {
  Settings train("train");
  for (auto& given : keys)
    given.source = "file"; // defaults are written out, and are then as good as given
  train.add(keys, Settings::Layer::file);
  for (const auto& idle : find_idle_keys(train))
    std::erase(keys, idle.given);
}

/// In quotes where a comment sign would end the value.
std::string ini_value(const std::string& value) {
  return value.find_first_of("#;") == std::string::npos ? value : "\"" + value + "\"";
}

std::string section_of_key(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

} // namespace

std::string model_ini(const std::string& heading, const std::vector<EffectiveKey>& keys) {
  std::vector<EffectiveKey> own_keys;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(own_keys), is_of_model);
  drop_idle(own_keys);
  std::string text = heading, section;
  for (const auto& given : own_keys) {
    if (const auto own = section_of_key(given.key); own != section) {
      section = own;
      text += "\n[" + section + "]\n";
    }
    text += given.key.substr(given.key.rfind('.') + 1) + " = " + ini_value(given.value) + "\n";
  }
  return text;
}

} // namespace soapstone::app
