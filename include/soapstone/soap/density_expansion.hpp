// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/radial_spline.hpp"
#include "soapstone/soap/spherical_harmonics.hpp"
#include "soapstone/soap/weighted_neighbours.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace soapstone::soap {

/// Density coefficients c^a_nlm of one environment as a plain array: element (a, n) of row harmonic_index(l,
/// m) is at row * stride() + a * n_max + n. What follows the channels in a row is padding for whole vectors,
/// whose contents mean nothing.
struct DensityShape {
  int channels;
  int n_max;
  int l_max;
  int rows() const { return (l_max + 1) * (l_max + 1); }
  int stride() const { return (channels * n_max + 15) / 8 * 8; }
  /// Returns the place of the coefficients of a channel in a row; of those of an l in row l^2.
  std::ptrdiff_t offset(int row, int channel = 0) const {
    return static_cast<std::ptrdiff_t>(row) * stride() + static_cast<std::ptrdiff_t>(channel) * n_max;
  }
  std::size_t size() const { return static_cast<std::size_t>(rows()) * static_cast<std::size_t>(stride()); }
};

/// Scratch memory of DensityExpansion::expand, to be reused between calls of one thread.
struct DensityWorkspace {
  std::vector<double> harmonics; ///< rows x padded neighbours
  std::vector<double> radial;    ///< neighbours x spline stride
};

/// Expansion of the neighbour density in radial functions and spherical harmonics (eqs. 12, 13 of Willatt,
/// Musil, Ceriotti, PCCP 20, 29661 (2018)): c^a_nlm = sum_{i of channel a} w_i I_nl(r_i) Y_lm(r_i / |r_i|),
/// and the centre itself as a Gaussian at r = 0 with weight u0 in its own channel.
class DensityExpansion {
public:
  explicit DensityExpansion(std::shared_ptr<const RadialSpline> spline);
  explicit DensityExpansion(RadialSpline spline);

  DensityShape shape(int channels) const { return {channels, spline_->n_max(), spline_->l_max()}; }

  /// Writes all of `density`, shape(channels).size() doubles.
  void expand(const WeightedNeighbours& neighbours, int central_channel, double central_weight,
              DensityWorkspace& workspace, double* density) const;

  std::size_t bytes() const { return spline_->bytes(); }

private:
  std::shared_ptr<const RadialSpline> spline_;
  SphericalHarmonics harmonics_;
  std::vector<double> centre_; ///< I_n0(0) Y_00
};

} // namespace soapstone::soap
