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

/// Scores that differ by less than this share are equal: rounding, and with it the number of ranks, must not
/// choose between settings of which none is better.
inline constexpr double score_tie = 1e-6;

/// Returns the index of the first score that equals the least one, or scores.size() where none is finite.
std::size_t first_of_least(std::span<const double> scores);

} // namespace soapstone::regression
