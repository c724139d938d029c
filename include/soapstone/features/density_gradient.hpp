// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/soap/parameters.hpp"

#include <memory>
#include <vector>

namespace soapstone::features {

/// dL/d parameter of a function L of environment features.
struct SoapDerivatives {
  std::vector<double> u;     ///< channels x elements, as SpeciesCoupling::u; empty without a coupling
  double scale = 0;          ///< r0, Å
  double exponent = 0;       ///< m
  double rate = 0;           ///< c
  double central_weight = 0; ///< u0
  double gaussian_width = 0; ///< sigma, Å
};

/// Which of them are wanted, by what they cost.
struct WantedDerivatives {
  bool coupling = true;
  bool density = true; ///< r0, m, c, u0
  bool width = true;   ///< sigma, which needs a table of its own
  bool expansion() const { return density || width; }
};

/// Reverse mode through the density expansion: from dL/dc^a_nlm of one environment to the parameters of its
/// neighbours' weights f_c(r) u(r) (eq. 21 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)), of the centre
/// and of the Gaussians. dL/dw_i = sum_nlm dL/dc_nlm I_nl(r_i) Y_lm, and for sigma the same with dI/dsigma.
class DensityGradient {
public:
  /// Tabulates dI/dsigma if it is wanted.
  DensityGradient(const soap::SoapParameters& parameters, const WantedDerivatives& wanted);

  /// Adds one environment. `neighbours` and the central channel are those of the expansion, `gradient` has
  /// its shape. The radial scaling must not be optimised in `rate` where it is 0.
  void add(const soap::WeightedNeighbours& neighbours, int central_channel, soap::DensityView gradient,
           soap::DensityWorkspace& workspace, SoapDerivatives& sum) const;

private:
  struct Slopes {
    double weight = 0, width = 0; ///< sum_nlm dL/dc I Y and dL/dc dI/dsigma Y of one neighbour
  };
  Slopes slopes(const double* gradient, long stride, const double* harmonics, long padded,
                const double* radial, const double* width) const;
  void add_centre(const double* gradient, SoapDerivatives& sum) const;

  soap::SoapParameters parameters_;
  WantedDerivatives wanted_;
  std::shared_ptr<const soap::RadialSpline> spline_;
  std::unique_ptr<const soap::RadialSpline> width_spline_;
  soap::SphericalHarmonics harmonics_;
  std::vector<double> centre_, centre_width_; ///< I_n0(0) Y_00 and its derivative in sigma
};

} // namespace soapstone::features
