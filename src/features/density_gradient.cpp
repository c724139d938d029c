// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/density_gradient.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/soap/cutoff_function.hpp"
#include "soapstone/soap/radial_scaling.hpp"
#include "spline_cache.hpp"

#include <cmath>
#include <numbers>

namespace soapstone::features {
namespace {

/// Returns what stands for a centre of weight 1: its radial functions at r = 0 times Y_00.
std::vector<double> central_functions(const soap::RadialSpline& spline) {
  std::vector<double> values(static_cast<std::size_t>(spline.stride()));
  spline.evaluate(0, values);
  values.resize(static_cast<std::size_t>(spline.n_max()));
  for (double& value : values)
    value /= std::sqrt(4 * std::numbers::pi);
  return values;
}

} // namespace

DensityGradient::DensityGradient(const soap::SoapParameters& parameters, const WantedDerivatives& wanted)
    : parameters_(parameters), wanted_(wanted), spline_(shared_spline(parameters)),
      harmonics_(spline_->l_max()), centre_(central_functions(*spline_)) {
  if (!wanted.width)
    return;
  width_spline_ =
      std::make_unique<const soap::RadialSpline>(soap::RadialSpline::of_width_derivative(parameters));
  centre_width_ = central_functions(*width_spline_);
}

DensityGradient::Slopes DensityGradient::slopes(const double* gradient, long stride, const double* harmonics,
                                                long padded, const double* radial,
                                                const double* width) const {
  Slopes found;
  const int n_max = parameters_.n_max;
  for (long l = 0; l <= spline_->l_max(); ++l)
    for (long row = l * l; row < (l + 1) * (l + 1); ++row) {
      const double* from = gradient + row * stride;
      const double y = harmonics[row * padded];
      double weight = 0, slope = 0;
      for (int n = 0; n < n_max; ++n)
        weight += from[n] * radial[l * n_max + n];
      found.weight += y * weight;
      if (!wanted_.width)
        continue;
      for (int n = 0; n < n_max; ++n)
        slope += from[n] * width[l * n_max + n];
      found.width += y * slope;
    }
  return found;
}

void DensityGradient::add_centre(const double* gradient, SoapDerivatives& sum) const {
  for (std::size_t n = 0; n < centre_.size(); ++n) {
    sum.central_weight += gradient[n] * centre_[n];
    if (wanted_.width)
      sum.gaussian_width += parameters_.central_weight * gradient[n] * centre_width_[n];
  }
}

void DensityGradient::add(const soap::WeightedNeighbours& neighbours, int central_channel,
                          soap::DensityView gradient, soap::DensityWorkspace& workspace,
                          SoapDerivatives& sum) const {
  const auto& shape = gradient.shape;
  expects(shape == soap::DensityShape{neighbours.channels(), spline_->n_max(), spline_->l_max()},
          "a gradient of the expansion's shape");
  const auto padded = static_cast<long>(neighbours.x.size());
  const auto radial = static_cast<std::size_t>(spline_->stride());
  workspace.harmonics.resize(static_cast<std::size_t>(shape.rows() * padded));
  workspace.radial.assign(2 * radial, 0.0);
  const std::vector<double> ones(neighbours.x.size(), 1.0);
  harmonics_.evaluate(neighbours.count, neighbours.x, neighbours.y, neighbours.z, ones,
                      static_cast<int>(padded), workspace.harmonics);
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int i = neighbours.starts[static_cast<std::size_t>(channel)];
         i < neighbours.starts[static_cast<std::size_t>(channel) + 1]; ++i) {
      const double r = neighbours.distances[static_cast<std::size_t>(i)];
      spline_->evaluate(r, workspace.radial);
      if (wanted_.width)
        width_spline_->evaluate(r, std::span(workspace.radial).subspan(radial));
      const Slopes slope =
          slopes(gradient.values + shape.offset(0, channel), shape.stride(), workspace.harmonics.data() + i,
                 padded, workspace.radial.data(), workspace.radial.data() + radial);
      const double cut = soap::cutoff_function(r, parameters_.cutoff, parameters_.cutoff_width);
      const soap::RadialScalingDerivatives scaling = soap::radial_scaling_derivatives(r, parameters_.scaling);
      sum.scale += slope.weight * cut * scaling.scale;
      sum.exponent += slope.weight * cut * scaling.exponent;
      sum.rate += slope.weight * cut * scaling.rate;
      sum.gaussian_width += neighbours.weights[static_cast<std::size_t>(i)] * slope.width;
    }
  add_centre(gradient.values + shape.offset(0, central_channel), sum);
}

} // namespace soapstone::features
