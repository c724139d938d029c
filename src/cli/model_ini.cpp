// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/model_ini.hpp"

#include "soapstone/cli/idle_keys.hpp"

#include <algorithm>
#include <iterator>

namespace soapstone::cli {

namespace {

/// Keys of how a command ran and what it wrote are none of the trained model's.
bool is_of_model(const options::Assignment& given) {
  const auto match = match_key(given.key);
  if (!match || (match->option->used_by & sets::train) == 0)
    return false;
  const auto section = section_of(*match->option);
  return !section.empty() && section != "parallel" && section != "plan";
}

int kernel_of(const options::EffectiveKey& given) {
  return match_key(given.key)->kernel;
}

/// Without which there would be one kernel less.
bool is_last_of_kernel(const options::EffectiveKey& given, const std::vector<options::EffectiveKey>& keys) {
  const int kernel = kernel_of(given);
  return kernel > 0 && std::count_if(keys.begin(), keys.end(),
                                     [&](const auto& other) { return kernel_of(other) == kernel; }) == 1;
}

/// Those that training would say have no effect are left out.
std::vector<options::EffectiveKey> model_keys(const std::vector<options::EffectiveKey>& all) {
  std::vector<options::EffectiveKey> keys;
  std::copy_if(all.begin(), all.end(), std::back_inserter(keys), is_of_model);
  Settings training("train");
  training.add(keys, Settings::Layer::again);
  for (const auto& idle : idle_keys(training))
    if (!is_last_of_kernel(idle.key, keys))
      std::erase_if(keys, [&](const auto& given) { return given.key == idle.key.key; });
  return keys;
}

/// Returns the value, in quotes where a comment sign would end the value.
std::string ini_value(const std::string& value) {
  return value.find_first_of("#;") == std::string::npos ? value : "\"" + value + "\"";
}

std::string section_of_key(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

} // namespace

std::string model_ini(const std::string& heading, const std::vector<options::EffectiveKey>& keys) {
  std::string text = heading, section;
  for (const auto& given : model_keys(keys)) {
    if (const auto own = section_of_key(given.key); own != section) {
      section = own;
      text += "\n[" + section + "]\n";
    }
    text += given.key.substr(given.key.rfind('.') + 1) + " = " + ini_value(given.value) + "\n";
  }
  return text;
}

} // namespace soapstone::cli
