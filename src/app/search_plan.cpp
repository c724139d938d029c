// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/search_plan.hpp"

#include "soapstone/app/run_files.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/split.hpp"
#include "soapstone/soap/density_expansion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <span>

namespace soapstone::app {

namespace {

constexpr std::string_view regularization_key = "regression.regularization";

/// The first thing that is computed anew when a key changes, from the cheapest to all there is; everything if
/// that is not known.
enum class Change { sums, products, features, densities, integrals, neighbours, everything };

/// Keys without influence on densities, beside those of soap::for_each_field.
constexpr std::array keys_of_features{
    "soap.contraction",     "soap.contraction-method", "soap.contraction-sample",
    "soap.precision",       "species.coupling",        "species.sigma-electronegativity",
    "species.sigma-radius", "species.channels",        "species.normalize"};

Change change_by(soap::Stage stage) {
  switch (stage) {
  case soap::Stage::neighbours:
    return Change::neighbours;
  case soap::Stage::integrals:
    return Change::integrals;
  case soap::Stage::densities:
    return Change::densities;
  case soap::Stage::features:
    return Change::features;
  }
  return Change::everything;
}

Change change_by(const std::string& key) {
  const auto match = match_key(key);
  const auto name = match ? match->option->name : std::string_view(key);
  if (name == "kernel.N.weight")
    return Change::sums;
  if (name == "kernel.zeta")
    return Change::products;
  if (const auto stage = soap::stage_of(name))
    return change_by(*stage);
  const bool known =
      std::find(keys_of_features.begin(), keys_of_features.end(), name) != keys_of_features.end();
  return known ? Change::features : Change::everything;
}

std::vector<search::Axis> axes_of(const Configuration& configuration) {
  std::vector<search::Axis> axes;
  for (const auto& range : configuration.ranges)
    if (range.key != regularization_key)
      axes.push_back({range.key, range.values});
  std::stable_sort(axes.begin(), axes.end(),
                   [](const auto& a, const auto& b) { return change_by(a.key) > change_by(b.key); });
  return axes;
}

constexpr std::array error_columns{"mae", "rmse", "max_error", "mae_per_structure", "mae_fold_std"};

std::vector<std::string> columns_of(const Configuration& configuration) {
  std::vector<std::string> columns{"lambda"};
  for (std::size_t t = 0; t < configuration.data.targets.size(); ++t)
    for (const auto* column : error_columns) // those of the first target have no suffix
      columns.push_back(column + (t == 0 ? std::string() : ":" + configuration.data.targets[t].key));
  columns.emplace_back("backward_error");
  return columns;
}

std::int64_t structures_of(const Configuration& configuration, const structure::DataSet& all) {
  const auto& data = configuration.data;
  const auto split =
      regression::draw_split(static_cast<std::int64_t>(all.size()), data.train, data.test, data.seed);
  if (split.train.empty())
    throw ConfigError("the training set is empty: data.train and data.test leave no structures",
                      "data.train");
  return static_cast<std::int64_t>(split.train.size());
}

std::vector<search::Rung> rungs_of(const Configuration& configuration, std::int64_t points,
                                   std::int64_t structures) {
  const auto& options = configuration.search;
  if (options.strategy != "halving")
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

using Structures = std::span<const structure::Structure>;

/// Returns the structures that are not cut into parts. Points share the neighbours and densities of these
/// alone.
std::vector<structure::Structure> shared_structures(Structures structures) {
  std::vector<structure::Structure> small;
  std::copy_if(structures.begin(), structures.end(), std::back_inserter(small), [](const auto& structure) {
    return static_cast<std::int64_t>(structure.size()) <= kernel::RunLimits{}.part;
  });
  return small;
}

/// Estimates the bytes of the neighbour lists of all structures from some of them.
double neighbour_bytes(const soap::SoapParameters& soap, Structures structures) {
  constexpr std::size_t sample = 50;
  const auto step = std::max<std::size_t>(1, structures.size() / sample);
  double pairs = 0, looked_at = 0;
  for (std::size_t i = 0; i < structures.size(); i += step, ++looked_at)
    pairs += static_cast<double>(structure::find_neighbours(structures[i], soap.cutoff).pairs());
  return pairs / std::max(looked_at, 1.0) * static_cast<double>(structures.size()) *
         sizeof(structure::Neighbour);
}

std::string stem_of(const Configuration& configuration) {
  const auto file = output_file(configuration);
  return file.ends_with(".csv") ? file.substr(0, file.size() - 4) : file;
}

} // namespace

SearchPlan plan_search(const Configuration& configuration, const structure::DataSet& all) {
  SearchPlan plan;
  plan.grid = search::Grid(axes_of(configuration));
  const auto& options = configuration.search;
  plan.points = search::draw_points(
      plan.grid.size(), options.strategy == "grid" ? std::nullopt : options.samples, configuration.data.seed);
  auto& search = plan.search;
  search.identity = search_identity(configuration, all);
  search.axes = plan.grid.axes();
  for (const double value : configuration.regularizations)
    search.rows.push_back(format("%.12g", value));
  search.columns = columns_of(configuration);
  search.identity["columns"] = std::to_string(search.columns.size()); // records of others do not fit
  search.score = options.score;
  search.rungs = rungs_of(configuration, static_cast<std::int64_t>(plan.points.size()),
                          structures_of(configuration, all));
  search.status = "running";
  return plan;
}

Configuration configuration_of(const Configuration& base, const SearchPlan& plan, const search::Task& task) {
  std::vector<Assignment> changes;
  const auto values = plan.grid.values(task.point);
  for (std::size_t a = 0; a < values.size(); ++a)
    changes.push_back({plan.grid.axes()[a].key, values[a], "search"});
  if (plan.search.rungs.size() > 1)
    changes.push_back({"data.train",
                       std::to_string(plan.search.rungs.at(static_cast<std::size_t>(task.rung)).structures),
                       "search"});
  return changes.empty() ? base : with_values(base, changes);
}

std::string what_weights_share(const SearchPlan& plan, const search::Task& task) {
  const auto values = plan.grid.values(task.point);
  std::string shared = std::to_string(task.rung);
  bool weights = false;
  for (std::size_t a = 0; a < values.size(); ++a)
    if (const auto& key = plan.grid.axes()[a].key; change_by(key) == Change::sums)
      weights = true;
    else
      shared += "\n" + key + " " + values[a];
  return weights ? shared : "";
}

soap::EnvironmentStore::Wanted what_points_share(const SearchPlan& plan) {
  soap::EnvironmentStore::Wanted wanted;
  for (const auto& axis : plan.grid.axes()) {
    const auto change = change_by(axis.key);
    if (change == Change::everything)
      return {};
    wanted.densities |= change == Change::features || change == Change::products;
    wanted.neighbours |= change == Change::densities || change == Change::integrals;
  }
  return wanted;
}

double density_bytes(const soap::SoapParameters& soap, Structures structures) {
  double numbers = 0;
  for (const auto& structure : structures) {
    const std::set<std::uint8_t> present(structure.species.begin(), structure.species.end());
    const soap::DensityShape shape{static_cast<int>(present.size()), soap.n_max, soap.density_l_max()};
    numbers += static_cast<double>(structure.size() * shape.size());
  }
  return numbers * sizeof(double);
}

std::int64_t shared_bytes(const Configuration& configuration, const SearchPlan& plan,
                          const EvaluationSet& set) {
  const auto wanted = what_points_share(plan);
  double lists = 1, expansions = 1; // different ones among the points
  for (const auto& axis : plan.grid.axes()) {
    const auto values = static_cast<double>(axis.values.size());
    lists *= change_by(axis.key) == Change::neighbours ? values : 1;
    expansions *= change_by(axis.key) >= Change::densities ? values : 1;
  }
  double bytes = 0;
  const auto structures = shared_structures(set.data.structures);
  for (const auto& kernel : configuration.kernels) {
    if (wanted.densities)
      bytes += expansions * density_bytes(kernel.soap, structures);
    if (wanted.neighbours)
      bytes += lists * neighbour_bytes(kernel.soap, structures);
  }
  return static_cast<std::int64_t>(std::min(bytes, 9e18));
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

std::string search_checkpoint_file(const Configuration& configuration) {
  const auto& given = configuration.search.checkpoint;
  return given.empty() ? stem_of(configuration) + ".checkpoint.h5" : given;
}

std::string search_best_file(const Configuration& configuration) {
  return stem_of(configuration) + ".best.ini";
}

} // namespace soapstone::app
