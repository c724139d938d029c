// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/model_ini.hpp"

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

/// In quotes where a comment sign would end the value.
std::string ini_value(const std::string& value) {
  return value.find_first_of("#;") == std::string::npos ? value : "\"" + value + "\"";
}

std::string section_of_key(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

} // namespace

std::string model_ini(const std::string& heading, const std::vector<EffectiveKey>& keys) {
  std::string text = heading, section;
  for (const auto& given : keys) {
    if (!is_of_model(given))
      continue;
    if (const auto own = section_of_key(given.key); own != section) {
      section = own;
      text += "\n[" + section + "]\n";
    }
    text += given.key.substr(given.key.rfind('.') + 1) + " = " + ini_value(given.value) + "\n";
  }
  return text;
}

} // namespace soapstone::app
