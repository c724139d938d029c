// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"
#include "soapstone/soap/radial_spline.hpp"
#include "soapstone/soap/spherical_harmonics.hpp"
#include "soapstone/soap/weighted_neighbours.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace soapstone::soap {

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

  /// Writes all of `density`, which has the shape of the neighbours' channels.
  void expand(const WeightedNeighbours& neighbours, int central_channel, double central_weight,
              DensityWorkspace& workspace, DensityTarget density) const;

  std::size_t bytes() const { return spline_->bytes(); }

private:
  std::shared_ptr<const RadialSpline> spline_;
  SphericalHarmonics harmonics_;
  std::vector<double> centre_; ///< I_n0(0) Y_00
};

} // namespace soapstone::soap
