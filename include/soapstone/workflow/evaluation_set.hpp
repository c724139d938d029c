// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/regression/folds.hpp"
#include "soapstone/workflow/outside.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::workflow {

/// The structures of a cross-validation, ordered by fold.
struct EvaluationSet {
  formats::DataSet data;               ///< in the order of the kernel: fold after fold
  std::vector<std::int64_t> positions; ///< of each in the data set that it was drawn from
  regression::Folds folds;             ///< order: 0, 1, 2, ...
  std::vector<int> elements;           ///< those that have a species channel
  LeftOut left_out;                    ///< structures whose errors do not count

  /// Returns the number of structures whose errors count.
  std::int64_t counted() const {
    return static_cast<std::int64_t>(data.size()) - left_out.by_elements - left_out.by_composition;
  }
  /// Returns data.targets with NaN where the error does not count.
  std::vector<std::vector<double>> references() const;
};

/// Draws the structures that `train` would train on (data.train, data.test, data.seed of `configuration`) out
/// of `all` and deals them into validation.folds folds. Independent of ranks.
EvaluationSet draw_evaluation_set(const formats::DataSet& all, const options::Configuration& configuration);

} // namespace soapstone::workflow
