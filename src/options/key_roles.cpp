// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/options/key_roles.hpp"

#include <algorithm>
#include <initializer_list>

namespace soapstone::options {

namespace {

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace

bool is_about_running(std::string_view key) {
  return key.starts_with("parallel.") || key.starts_with("plan.") ||
         is_one_of(key, {"config", "output", "report", "log-file", "quiet", "dry-run", "checkpoint",
                         "checkpoint-kernel", "checkpoint-interval", "search.groups", "data.structures",
                         "data.format"});
}

bool is_about_regression(std::string_view key) {
  return key.starts_with("regression.") ||
         (key.starts_with("data.") && !is_one_of(key, {"data.structures", "data.seed"}));
}

bool is_about_stopping(std::string_view key) {
  return is_one_of(key, {"regression.max-iterations", "regression.tolerance", "regression.compact"});
}

} // namespace soapstone::options
