// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/extrapolation.hpp"
#include "soapstone/app/report.hpp"

#include <optional>

namespace soapstone::app {

/// `limit`, `count`, `largest`, `expected_share` (of structures like those learnt from, for a limit of 1) and
/// the first 100 `structures` with `index` and `novelty`; null where novelty is not known.
Json extrapolation_json(const std::optional<Extrapolation>& found, const Predictions& predictions);

} // namespace soapstone::app
