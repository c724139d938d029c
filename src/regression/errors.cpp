// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/errors.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/maximum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::regression {

ErrorSummary summarize_errors(std::span<const double> predicted, std::span<const double> reference,
                              std::span<const double> atoms) {
  expects(predicted.size() == reference.size() && predicted.size() == atoms.size(),
          "as many predictions as references");
  ErrorSummary summary;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (std::isnan(reference[i]))
      continue;
    const double total = std::abs(predicted[i] - reference[i]);
    const double per_atom = total / atoms[i];
    ++summary.count;
    summary.mae += per_atom;
    summary.rmse += per_atom * per_atom;
    summary.max_error = max_or_nan(summary.max_error, per_atom);
    summary.mae_per_structure += total;
    summary.rmse_per_structure += total * total;
  }
  const auto count = static_cast<double>(std::max<std::int64_t>(1, summary.count));
  summary.mae /= count;
  summary.mae_per_structure /= count;
  summary.rmse = std::sqrt(summary.rmse / count);
  summary.rmse_per_structure = std::sqrt(summary.rmse_per_structure / count);
  return summary;
}

std::size_t first_of_least(std::span<const double> scores) {
  double least = std::numeric_limits<double>::infinity();
  for (const double score : scores)
    if (score < least)
      least = score;
  const auto equal = [&](double score) { return std::isfinite(score) && score <= least * (1 + score_tie); };
  return static_cast<std::size_t>(std::find_if(scores.begin(), scores.end(), equal) - scores.begin());
}

} // namespace soapstone::regression
