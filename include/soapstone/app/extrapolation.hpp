// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/predictions.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/regression/model.hpp"

namespace soapstone::app {

/// Whether novelty is measured: wanted, and the model can tell. Throws ConfigError (predict.extrapolation)
/// where it must be told but cannot.
bool measures_novelty(const Configuration& configuration, const regression::Model& model);

/// Warns of structures beyond predict.novelty-limit, how many and which are farthest, or with
/// predict.extrapolation = error throws a DataError that says the same. Returns `limit`, `count`, `largest`,
/// `expected_share` (of structures like those learnt from, for a limit of 1) and the first 100 `structures`
/// with `index` and `novelty`; null where it is not measured.
Json report_extrapolation(Session& session, const Predictions& predictions, const structure::DataSet& data);

} // namespace soapstone::app
