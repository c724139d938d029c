// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/predictor.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// Returns whether predictions in extended XYZ give this key of the comment line a meaning, even where they
/// have no value for it: what an earlier model or another unit said must not pass for what these predictions
/// say.
bool is_prediction_key(const std::string& key, const std::vector<std::string>& targets);

/// Throws ConfigError unless extended XYZ can hold predictions of these targets: each key of a
/// comment line has one meaning, and names of arrays (`wish.atoms`) have no colon.
void require_distinct_keys(const std::vector<std::string>& targets, const regression::PredictionWish& wish);

} // namespace soapstone::report
