// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/workflow/predict_stage.hpp"

#include <string>

namespace soapstone::report {

/// CSV: index,n_atoms,predicted,reference,error (eV per structure; reference and error empty without a
/// target). With several targets the columns are predicted_NAME, reference_NAME, error_NAME, in quotes where
/// RFC 4180 wants them. After these,
/// where they are known: uncertainty (uncertainty_NAME) and interval_95 (interval_95_NAME), eV per structure;
/// novelty, if the column is wanted; fold of held-out predictions, counted from 0. Throws NumericalError for
/// a prediction that is not finite.
std::string predictions_csv(const workflow::Predictions& predictions, const formats::DataSet& data);

/// Extended XYZ of the structures with their index in the input, predicted_NAME (eV per structure) and, where
/// known, NAME (eV), uncertainty_NAME, interval_95_NAME (eV per structure) and novelty in the comment line,
/// and atomic_NAME (eV) as an array of the atoms. NAME_unit=eV and NAME_scope=total say so, and
/// energy_unit=eV where the input says nothing of an energy. Entries of the input's comment lines come before
/// these, if the data set has kept them, but for those with a name that the predictions use
/// (is_prediction_key). The keys must be distinct (require_distinct_keys). Throws as predictions_csv does.
std::string predictions_xyz(const workflow::Predictions& predictions, const formats::DataSet& data);

} // namespace soapstone::report
