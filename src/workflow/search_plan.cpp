// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/search_plan.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/regression/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace soapstone::workflow {

namespace {

std::vector<search::Axis> axes_of(const options::Configuration& configuration) {
  const auto regularization = options::key_of("regularization");
  std::vector<search::Axis> axes;
  for (const auto& range : configuration.ranges)
    if (range.key != regularization)
      axes.push_back({range.key, range.values});
  planning::sort_by_cost(axes);
  return axes;
}

constexpr std::array error_columns{"mae", "rmse", "max_error", "mae_per_structure", "mae_fold_std"};

std::vector<std::string> columns_of(const options::Configuration& configuration) {
  std::vector<std::string> columns{"lambda"};
  for (std::size_t t = 0; t < configuration.data.targets.size(); ++t)
    for (const auto* column : error_columns) // those of the first target have no suffix
      columns.push_back(column + (t == 0 ? std::string() : ":" + configuration.data.targets[t].key));
  columns.emplace_back("backward_error");
  return columns;
}

std::int64_t structures_of(const options::DataOptions& data, std::int64_t all) {
  const auto split = regression::draw_split(all, data.train, data.test, data.seed);
  if (split.train.empty())
    throw ConfigError("the training set is empty: `train` and `test` leave no structures", "train");
  return static_cast<std::int64_t>(split.train.size());
}

std::vector<search::Rung> rungs_of(const options::Configuration& configuration, std::int64_t points,
                                   std::int64_t structures) {
  const auto& options = configuration.search;
  if (options.strategy != options::SearchStrategy::halving)
    return {{points, structures}};
  // Folds of one structure would be leave-one-out on the lower rungs alone.
  const auto least =
      std::max<std::int64_t>(options.least_structures, std::int64_t{2} * configuration.validation.folds);
  return search::halving_rungs(points, structures, options.halving_factor, least);
}

/// Standard deviation over folds.
double spread(const std::vector<regression::ErrorSummary>& folds) {
  std::vector<double> maes;
  for (const auto& fold : folds)
    if (fold.count > 0)
      maes.push_back(fold.mae);
  if (maes.size() < 2)
    return 0;
  const auto count = static_cast<double>(maes.size());
  const double mean = std::accumulate(maes.begin(), maes.end(), 0.0) / count;
  double sum = 0;
  for (const double mae : maes)
    sum += (mae - mean) * (mae - mean);
  return std::sqrt(sum / (count - 1));
}

} // namespace

SearchPlan plan_search(const options::Configuration& configuration, std::int64_t structures) {
  SearchPlan plan;
  plan.grid = search::Grid(axes_of(configuration));
  const auto& options = configuration.search;
  plan.points = search::draw_points(
      plan.grid.size(), options.strategy == options::SearchStrategy::grid ? std::nullopt : options.samples,
      configuration.data.seed);
  auto& search = plan.search;
  search.axes = plan.grid.axes();
  for (const double value : configuration.regularizations)
    search.rows.push_back(format("%.12g", value));
  search.columns = columns_of(configuration);
  search.score = options.score == options::SearchScore::rmse ? "rmse" : "mae";
  search.rungs = rungs_of(configuration, static_cast<std::int64_t>(plan.points.size()),
                          structures_of(configuration.data, structures));
  search.status = "running";
  return plan;
}

options::Configuration configuration_of(const options::Configuration& base, const SearchPlan& plan,
                                        const search::Task& task, const options::WithValues& with_values) {
  std::vector<options::Assignment> changes;
  const auto values = plan.grid.values(task.point);
  for (std::size_t a = 0; a < values.size(); ++a)
    changes.push_back({plan.grid.axes()[a].key, values[a], "search"});
  if (plan.search.rungs.size() > 1)
    changes.push_back({options::key_of("train"),
                       std::to_string(plan.search.rungs.at(static_cast<std::size_t>(task.rung)).structures),
                       "search"});
  return changes.empty() ? base : with_values(base, changes);
}

std::vector<std::int64_t> points_of_rung(const SearchPlan& plan, std::size_t rung) {
  if (rung == 0)
    return plan.points;
  std::vector<std::pair<std::int64_t, double>> scores;
  for (const auto point : points_of_rung(plan, rung - 1)) {
    const auto record = plan.search.records.find({static_cast<std::int64_t>(rung) - 1, point});
    const double score = record == plan.search.records.end()
                             ? std::numeric_limits<double>::infinity()
                             : search::best_row(plan.search, record->second).score;
    if (std::isfinite(score)) // what failed on few structures is not tried on more
      scores.emplace_back(point, score);
  }
  return search::keep_best(scores, plan.search.rungs.at(rung).points);
}

std::vector<std::string> values_of(const search::Checkpoint& search, const search::Record& record) {
  return search::Grid(search.axes).values(record.task.point);
}

std::string describe_point(const search::Checkpoint& search, const search::Record& record) {
  std::string text;
  const auto values = values_of(search, record);
  for (std::size_t a = 0; a < values.size(); ++a)
    text += search.axes[a].key + " " + values[a] + ", ";
  const auto best = search::best_row(search, record);
  if (std::isfinite(best.score))
    return text + options::key_of("regularization") + " " + search.rows[best.row];
  return text.substr(0, text.empty() ? 0 : text.size() - 2);
}

search::Record make_record(const SearchPlan& plan, const search::Task& task, const EvaluateResult& result) {
  search::Record record{task, 0, "", {}, {}, 0};
  for (const auto& row : result.scanned) {
    record.failures.push_back(row.failure);
    record.values.push_back(row.lambda);
    for (std::size_t t = 0; t < row.errors.size(); ++t) {
      const auto& errors = row.errors[t];
      const double fold_std = t < row.folds.size() ? spread(row.folds[t]) : 0;
      for (const double value :
           {errors.mae, errors.rmse, errors.max_error, errors.mae_per_structure, fold_std})
        record.values.push_back(value);
    }
    if (row.failure.empty())
      record.values.push_back(row.backward_error);
    record.values.resize(record.failures.size() * plan.search.columns.size(),
                         std::numeric_limits<double>::quiet_NaN());
  }
  return record;
}

} // namespace soapstone::workflow
