// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/checkpoint.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::search {

std::int64_t Checkpoint::planned() const {
  std::int64_t sum = 0;
  for (const auto& rung : rungs)
    sum += rung.points;
  return sum;
}

std::vector<std::string> differences(const std::map<std::string, std::string>& before,
                                     const std::map<std::string, std::string>& now) {
  auto all = before;
  all.insert(now.begin(), now.end());
  const auto value_in = [](const auto& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string("(not set)") : found->second;
  };
  std::vector<std::string> found;
  for (const auto& [key, unused] : all) {
    const auto old_value = value_in(before, key), new_value = value_in(now, key);
    if (old_value != new_value)
      found.push_back(key + ": " + old_value + " in the checkpoint, now " + new_value);
  }
  return found;
}

// FNV-1a (Fowler, Noll, Vo), 64 bits; zero bytes keep keys and values apart.
std::string fingerprint(const std::map<std::string, std::string>& identity) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&](const std::string& text) {
    for (std::size_t i = 0; i <= text.size(); ++i)
      hash = (hash ^ static_cast<unsigned char>(text.c_str()[i])) * 1099511628211ULL;
  };
  for (const auto& [key, value] : identity) {
    add(key);
    add(value);
  }
  return format("%016llx", static_cast<unsigned long long>(hash));
}

BestRow best_row(const Checkpoint& search, const Record& record) {
  const auto column = std::find(search.columns.begin(), search.columns.end(), search.score);
  expects(column != search.columns.end(), "the score is a column");
  std::vector<double> scores;
  for (std::size_t row = 0; row < record.failures.size(); ++row) {
    const auto at = row * search.columns.size() + static_cast<std::size_t>(column - search.columns.begin());
    scores.push_back(record.failures[row].empty() ? record.values.at(at)
                                                  : std::numeric_limits<double>::infinity());
  }
  const auto best = regression::first_of_least(scores);
  if (best == scores.size())
    return {std::numeric_limits<double>::infinity(), 0};
  return {scores[best], best};
}

const Record* best_record(const Checkpoint& search) {
  std::vector<const Record*> last; // with scores, of the last rung that has any
  std::vector<double> scores;
  for (const auto& [task, record] : search.records) { // The records are ordered by rung.
    const double score = best_row(search, record).score;
    if (!std::isfinite(score))
      continue;
    if (!last.empty() && task.rung > last.back()->task.rung) {
      last.clear();
      scores.clear();
    }
    last.push_back(&record);
    scores.push_back(score);
  }
  const auto best = regression::first_of_least(scores);
  return best == last.size() ? nullptr : last[best];
}

} // namespace soapstone::search
