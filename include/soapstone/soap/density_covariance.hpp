// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"
#include "soapstone/soap/species_coupling.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::soap {

/// Mean over environments of P^l_{an,a'n'} = (2l + 1)^-1/2 sum_m c^a_nlm c^a'_n'lm: the covariance over
/// environments and m that a density contraction diagonalises, in the units of the power spectrum, which is
/// this matrix environment by environment.
class DensityCovariance {
public:
  DensityCovariance(int channels, int n_max, int l_max);

  /// Adds one environment whose density has the channels `present`: its matrices times `factor` (1 / norm of
  /// its features), with this weight in the mean.
  void add(DensityView density, std::span<const int> present, double factor, double weight);

  /// The covariance of the coupled densities: (u x 1) P^l (u x 1)^T.
  DensityCovariance coupled(const SpeciesCoupling& coupling) const;

  int channels() const { return channels_; }
  int n_max() const { return n_max_; }
  int l_max() const { return static_cast<int>(sums_.size()) - 1; }
  std::int64_t order() const { return std::int64_t{channels_} * n_max_; }
  /// order x order, both triangles: the weighted mean so far.
  std::vector<double> mean(int l) const;

private:
  void add_products(DensityView density);

  int channels_, n_max_;
  double weight_ = 0;
  std::vector<std::vector<double>> sums_; ///< lower triangles
  std::vector<double> products_;          ///< of one environment, per l: lower triangle over its own channels
};

} // namespace soapstone::soap
