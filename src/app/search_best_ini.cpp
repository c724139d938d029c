// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/search_report.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>

namespace soapstone::app {

std::string best_heading(const search::Checkpoint& search, const search::Record& best) {
  const auto row = search::best_row(search, best);
  return format(
             "# The best of %zu points of a search: %s %.4f meV/atom in cross-validation on %lld "
             "structures.\n",
             search.records.size(), search.score.c_str(), row.score * 1e3,
             static_cast<long long>(search.rungs.at(static_cast<std::size_t>(best.task.rung)).structures)) +
         "#   soapstone train --config THIS_FILE --output model.h5\n";
}

std::vector<EffectiveKey> best_keys(const Configuration& base, const SearchPlan& plan,
                                    const search::Record& best, const WithValues& with_values) {
  // Of the point's own keys, with the data of the whole search and not those of a rung.
  const search::Task last{static_cast<std::int64_t>(plan.search.rungs.size()) - 1, best.task.point};
  auto keys = configuration_of(base, plan, last, with_values).effective;
  const auto size = std::find_if(base.effective.begin(), base.effective.end(),
                                 [](const auto& given) { return given.key == "data.train"; });
  for (auto& given : keys) {
    if (given.key == "data.train" && size != base.effective.end())
      given = *size;
    if (given.key == "regression.regularization")
      given.value = plan.search.rows[search::best_row(plan.search, best).row];
  }
  return keys;
}

} // namespace soapstone::app
