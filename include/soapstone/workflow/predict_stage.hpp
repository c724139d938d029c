// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/regression/model.hpp"
#include "soapstone/regression/predictor.hpp"
#include "soapstone/workflow/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Predictions for the structures at `positions` of an input; the rest was left out.
struct Predictions {
  std::vector<std::string> targets;
  std::vector<std::int64_t> positions; ///< in the input, ascending
  std::vector<std::vector<double>>
      energies; ///< eV per structure, one vector per target, in the order of positions
  std::vector<std::int64_t> folds = {};                ///< that each was held out in; empty: none was
  std::vector<std::vector<double>> uncertainties = {}; ///< eV per structure, as energies; empty: not known
  std::vector<std::vector<double>> intervals = {};     ///< of 95 %, half widths; as uncertainties
  std::vector<double> novelty = {};                    ///< empty: not known
  bool novelty_column = false;                         ///< in the CSV as well
  std::vector<std::vector<double>> atoms = {}; ///< eV of every atom, one vector per target; empty: not wanted
  std::size_t guessed = 0;                     ///< structures whose composition baseline is a guess
};

/// Says what is done with structures that have elements which the model does not know.
enum class UnknownElements { refused, skipped };

/// Collective. Predicts the structures of `data` (stages "training features", where the model has no compact
/// form, and "predict"). Warns of structures whose baseline is a guess. Throws DataError, naming the first,
/// where structures have unknown elements, unless these are skipped with a warning.
Predictions predict_all(const Context& context, const regression::Model& model, const formats::DataSet& data,
                        const regression::PredictionWish& wish, UnknownElements unknown);

} // namespace soapstone::workflow
