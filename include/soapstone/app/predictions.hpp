// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/data_set.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// Predictions for the structures at `positions` of an input; the rest was left out.
struct Predictions {
  std::vector<std::string> targets;
  std::vector<std::int64_t> positions; ///< in the input, ascending
  std::vector<std::vector<double>>
      energies; ///< eV per structure, one vector per target, in the order of positions
  std::vector<std::int64_t> folds = {}; ///< that each was held out in; empty: none was
};

/// CSV: index,n_atoms,predicted,reference,error (eV per structure; reference and error empty without a
/// target). With several targets the columns are predicted_NAME, reference_NAME, error_NAME. Held-out
/// predictions have a last column fold, counted from 0. Throws NumericalError for a prediction that is not
/// finite.
std::string predictions_csv(const Predictions& predictions, const structure::DataSet& data);

/// Extended XYZ of the structures with predicted_NAME (eV per structure) and, where known, NAME (eV) in the
/// comment line. Throws as predictions_csv does.
std::string predictions_xyz(const Predictions& predictions, const structure::DataSet& data);

} // namespace soapstone::app
