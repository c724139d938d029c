// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/regression/model.hpp"
#include "soapstone/workflow/predict_stage.hpp"
#include "soapstone/workflow/stages.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace soapstone::workflow {

/// Structures with environments unlike those of the training set.
struct Extrapolation {
  double limit = 1;                ///< of novelty
  double largest = 0;              ///< novelty of any structure
  std::vector<std::size_t> places; ///< in the predictions, of structures beyond the limit, farthest first
};

/// Returns whether novelty is measured: wanted, and the model can tell. Throws ConfigError
/// (predict.extrapolation) where it must be told but cannot.
bool measures_novelty(const options::PredictOptions& options, const regression::Model& model);

/// Returns which predictions are extrapolations; nothing where novelty is not known.
std::optional<Extrapolation> find_extrapolation(const Predictions& predictions, double limit);

/// Warns of these structures, how many and which are farthest, or with OnExtrapolation::error throws a
/// DataError that says the same.
void tell_extrapolation(const Stages& stages, const options::PredictOptions& options,
                        const std::optional<Extrapolation>& found, const Predictions& predictions,
                        const formats::DataSet& data);

} // namespace soapstone::workflow
