// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/elements.hpp"
#include "soapstone/survey/composition_table.hpp"

#include <array>
#include <map>
#include <vector>

namespace soapstone::survey {

/// Fits values by least squares in the composition, Σ_z n_z scale ε_z. Normal equations need sums over the
/// structures alone, so that any number of these takes the memory of elements x elements. Values are taken
/// relative to the first one, so that totals of thousands of eV keep their digits.
class CompositionFit {
public:
  void add(const Composition& composition, double scale, double value);
  void solve();
  double value(const Composition& composition, double scale) const;
  std::map<int, double> element_values() const;
  std::int64_t rank() const noexcept { return rank_; }

private:
  static constexpr std::size_t most = structure::max_atomic_number + 1;
  std::vector<double> products_ = std::vector<double>(most * most, 0.0); ///< by atomic numbers
  std::array<double, most> moments_{}, solution_{};
  double reference_ = 0; ///< the first value over its Σ_z n_z scale
  bool begun_ = false;
  std::int64_t rank_ = 0;
};

} // namespace soapstone::survey
