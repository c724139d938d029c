// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/records.hpp"

#include <optional>
#include <span>

namespace soapstone::survey {

/// A structure whose energy is far from what its composition says.
struct Outlier {
  std::int64_t record = 0;
  double beyond = 0;     ///< eV per atom beyond composition
  double deviations = 0; ///< the same in robust standard deviations, from the median
};

/// The energies of consecutive frames, in eV per atom beyond composition.
struct OrderBin {
  std::int64_t first = 0; ///< record
  double low = 0, median = 0, high = 0;
};

/// The energies of all frames, in eV. "Beyond" is the energy per atom less that of a least-squares fit to the
/// composition, which leaves out frames that are more than ten robust deviations off.
struct EnergySurvey {
  std::int64_t known = 0, missing = 0, not_finite = 0;
  std::int64_t first_missing = -1, first_not_finite = -1; ///< records
  Range total, per_atom, beyond;
  std::map<int, double> element_energies; ///< of the fit, eV
  /// Rank of the compositions. If it is smaller than the number of elements, the fit does not tell these
  /// apart.
  std::int64_t rank = 0;
  double deviation = 0;         ///< robust standard deviation of `beyond`
  std::int64_t outliers = 0;    ///< more than ten deviations off
  std::vector<Outlier> worst;   ///< the ten that are farthest off, outliers or not
  double order_correlation = 0; ///< of `beyond` with the order of the frames, -1 to 1
  double autocorrelation = 0;   ///< of `beyond` between a frame and the next
  /// Shares of the variance of the file's numbers that a fit explains if they are totals, and if they are per
  /// atom; nothing where all structures have the same size.
  std::optional<double> explained_as_total, explained_per_atom;
  /// Energies fall into two groups if a gap between them takes more than 30 % of the range between the 2 %
  /// quantiles. These are its width (eV per atom; 0: there is none), and the numbers of energies below and
  /// above.
  double gap = 0;
  std::int64_t below_gap = 0, above_gap = 0;
  std::int64_t gap_example_below = -1, gap_example_above = -1;
  Histogram histogram; ///< of `beyond`, from -10 to 10 deviations at most
  std::vector<OrderBin> order;
};

/// Returns the energy of each record in eV per atom, NaN where there is none. `unit_in_ev` is the unit of the
/// file.
std::vector<double> energies_per_atom(const Collection& data, double unit_in_ev, bool per_atom);

/// Surveys `energies`, which energies_per_atom() returned. The fit and the statistics of what lies beyond it
/// leave out free atoms.
EnergySurvey survey_energies(const Collection& data, std::span<const double> energies);

} // namespace soapstone::survey
