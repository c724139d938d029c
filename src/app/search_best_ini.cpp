// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/search_report.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>

namespace soapstone::app {

namespace {

/// Keys of how the search ran and what it wrote are none of the trained model's.
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

std::string heading(const search::Checkpoint& search, const search::Record& best) {
  const auto row = search::best_row(search, best);
  return format(
             "# The best of %zu points of a search: %s %.4f meV/atom in cross-validation on %lld "
             "structures.\n",
             search.records.size(), search.score.c_str(), row.score * 1e3,
             static_cast<long long>(search.rungs.at(static_cast<std::size_t>(best.task.rung)).structures)) +
         "#   soapstone train --config THIS_FILE --output model.h5\n";
}

} // namespace

std::string best_ini(const Configuration& base, const SearchPlan& plan, const search::Record& best) {
  // Of the point's own keys, with the data of the whole search and not those of a rung.
  const search::Task last{static_cast<std::int64_t>(plan.search.rungs.size()) - 1, best.task.point};
  auto keys = configuration_of(base, plan, last).effective;
  const auto size = std::find_if(base.effective.begin(), base.effective.end(),
                                 [](const auto& given) { return given.key == "data.train"; });
  for (auto& given : keys) {
    if (given.key == "data.train" && size != base.effective.end())
      given = *size;
    if (given.key == "regression.regularization")
      given.value = plan.search.rows[search::best_row(plan.search, best).row];
  }
  std::string text = heading(plan.search, best), section;
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
