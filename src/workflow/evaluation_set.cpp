// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/evaluation_set.hpp"

#include "soapstone/regression/split.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::workflow {

namespace {

/// Within each fold structures of the same elements stand together, as in training; where every fold is one
/// structure, the folds do.
void order_by_elements(const formats::DataSet& all, EvaluationSet& set) {
  const auto drawn = formats::subset(all, set.positions);
  auto order = element_order(drawn.structures);
  if (set.folds.count() < static_cast<std::int64_t>(order.size())) {
    std::vector<std::int64_t> fold_of(order.size());
    for (std::int64_t fold = 0; fold < set.folds.count(); ++fold)
      std::fill(fold_of.begin() + set.folds.begin(fold), fold_of.begin() + set.folds.end(fold), fold);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      return fold_of[static_cast<std::size_t>(a)] < fold_of[static_cast<std::size_t>(b)];
    });
  }
  auto positions = set.positions;
  for (std::size_t i = 0; i < order.size(); ++i)
    positions[i] = set.positions[static_cast<std::size_t>(order[i])];
  set.positions = std::move(positions);
  set.data = formats::subset(drawn, order);
}

} // namespace

EvaluationSet draw_evaluation_set(const formats::DataSet& all, const options::Configuration& configuration) {
  const auto& options = configuration.data;
  const auto drawn =
      regression::draw_split(static_cast<std::int64_t>(all.size()), options.train, options.test, options.seed)
          .train;
  const auto n = static_cast<std::int64_t>(drawn.size());
  const auto k = configuration.validation.folds == 0 ? n : configuration.validation.folds;
  EvaluationSet set;
  set.folds = regression::draw_folds(n, k, options.seed);
  for (auto& position : set.folds.order) {
    set.positions.push_back(drawn[static_cast<std::size_t>(position)]);
    position = static_cast<std::int64_t>(set.positions.size()) - 1; // the set is in this order from now on
  }
  order_by_elements(all, set);
  set.elements = channel_elements(configuration, set.data);
  set.left_out = left_out_of(configuration, set.data.structures, set.folds);
  return set;
}

std::vector<std::vector<double>> EvaluationSet::references() const {
  auto known = data.targets;
  for (std::size_t s = 0; s < left_out.flags.size(); ++s)
    if (left_out.flags[s] != 0)
      for (auto& energies : known)
        energies[s] = std::numeric_limits<double>::quiet_NaN();
  return known;
}

} // namespace soapstone::workflow
