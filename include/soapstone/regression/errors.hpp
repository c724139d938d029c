// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::regression {

/// Errors of predictions, eV. mae, rmse and max_error are of the energy per atom, the others of the energy
/// per structure.
struct ErrorSummary {
  std::int64_t count = 0;
  double mae = 0, rmse = 0, max_error = 0;
  double mae_per_structure = 0, rmse_per_structure = 0;
};

/// Compares predicted with reference energies (eV per structure). Structures without a reference (NaN) do not
/// count; all zero when none has one.
ErrorSummary summarize_errors(std::span<const double> predicted, std::span<const double> reference,
                              std::span<const double> atoms);

} // namespace soapstone::regression
