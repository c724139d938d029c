// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/report/report.hpp"
#include "soapstone/workflow/extrapolation.hpp"

#include <optional>

namespace soapstone::report {

/// `limit`, `count`, `largest`, `expected_share` (of structures like those learnt from, for a limit of 1) and
/// the first 100 `structures` with `index` and `novelty`; null where novelty is not known.
Json extrapolation_json(const std::optional<workflow::Extrapolation>& found,
                        const workflow::Predictions& predictions);

} // namespace soapstone::report
