// SPDX-License-Identifier: BSD-3-Clause
#include "density_spectrum.hpp"

#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_spectrum.hpp"
#include "soapstone/soap/spectrum_gradient.hpp"

#include <utility>

namespace soapstone::features {

DensitySpectrum::DensitySpectrum(int body_order, std::vector<int> present,
                                 std::optional<soap::PackedCoupling> coupling,
                                 std::optional<soap::PackedContraction> contraction)
    : radial_(body_order == 2), present_(std::move(present)), coupling_(std::move(coupling)),
      contraction_(std::move(contraction)) {}

std::size_t DensitySpectrum::width(const soap::DensityShape& density) const {
  if (!contraction_) {
    const auto shape = coupled_shape(density);
    return static_cast<std::size_t>(radial_ ? std::int64_t{shape.channels} * shape.n_max
                                            : soap::power_spectrum_width(shape));
  }
  std::int64_t width = 0;
  for (const int kept : contraction_->kept())
    width += radial_ ? kept : soap::power_spectrum_width(kept, 0, true);
  return static_cast<std::size_t>(width);
}

FeatureGroup DensitySpectrum::group(int total, const FeatureLayout& layout) const {
  return contraction_ ? contracted_group(layout) : feature_group(channels(), total, radial_ ? 2 : 3, layout);
}

const double* DensitySpectrum::contract(soap::DensityView density, SpectrumWorkspace& work) const {
  if (coupling_) {
    const auto shape = coupled_shape(density.shape);
    work.coupled.resize(shape.size());
    coupling_->apply(density, {shape, work.coupled.data()});
    density = {shape, work.coupled.data()};
  }
  if (!contraction_)
    return density.values;
  work.contracted.resize(contraction_->size());
  contraction_->apply(density, work.contracted);
  return work.contracted.data();
}

double DensitySpectrum::compute(const soap::DensityShape& shape, const double* contracted,
                                double* features) const {
  const std::span to(features, width(shape));
  if (radial_)
    return soap::radial_spectrum({contraction_ ? radial_shape() : coupled_shape(shape), contracted}, to);
  return contraction_ ? soap::power_spectrum(contraction_->kept(), contraction_->stride(),
                                             {contracted, contraction_->size()}, to)
                      : soap::power_spectrum({coupled_shape(shape), contracted}, to);
}

void DensitySpectrum::differentiate(const soap::DensityShape& shape, const double* contracted,
                                    const double* gradient, SpectrumWorkspace& work) const {
  const auto coupled = coupled_shape(shape);
  const std::span feature_gradient(gradient, width(shape));
  work.coupled_gradient.assign(coupled.size(), 0.0);
  if (!contraction_) {
    if (radial_)
      soap::add_radial_spectrum_gradient(feature_gradient, {coupled, work.coupled_gradient.data()});
    else
      soap::add_power_spectrum_gradient({coupled, contracted}, feature_gradient, work.symmetric,
                                        {coupled, work.coupled_gradient.data()});
    return;
  }
  work.contracted_gradient.assign(contraction_->size(), 0.0);
  if (radial_)
    soap::add_radial_spectrum_gradient(feature_gradient, {radial_shape(), work.contracted_gradient.data()});
  else
    soap::add_power_spectrum_gradient(contraction_->kept(), contraction_->stride(),
                                      {contracted, contraction_->size()}, feature_gradient, work.symmetric,
                                      work.contracted_gradient);
  contraction_->add_transposed(work.contracted_gradient, {coupled, work.coupled_gradient.data()});
}

void DensitySpectrum::differentiate_coupling(const soap::DensityShape& from, const SpectrumWorkspace& work,
                                             std::vector<double>& density_gradient) const {
  if (!coupling_) {
    density_gradient = work.coupled_gradient;
    return;
  }
  const soap::DensityShape to = coupled_shape(from);
  density_gradient.assign(from.size(), 0.0);
  for (int row = 0; row < from.rows(); ++row)
    for (int channel = 0; channel < to.channels; ++channel)
      for (int a = 0; a < from.channels; ++a) {
        const double u = coupling_->at(channel, a);
        const double* coupled = work.coupled_gradient.data() + to.offset(row, channel);
        double* element = density_gradient.data() + from.offset(row, a);
        for (int n = 0; n < from.n_max; ++n)
          element[n] += u * coupled[n];
      }
}

void DensitySpectrum::add_coupling_derivatives(soap::DensityView density, const SpectrumWorkspace& work,
                                               std::size_t elements, std::vector<double>& u) const {
  const soap::DensityShape& from = density.shape;
  const soap::DensityShape to = coupled_shape(from);
  const auto n_max = static_cast<std::size_t>(from.n_max);
  const double *gradient = work.coupled_gradient.data(), *coefficients = density.values;
  for (int row = 0; row < from.rows(); ++row, coefficients += from.stride(), gradient += to.stride())
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(to.channels); ++channel)
      for (std::size_t a = 0; a < present_.size(); ++a) {
        double product = 0;
        for (std::size_t n = 0; n < n_max; ++n)
          product += gradient[channel * n_max + n] * coefficients[a * n_max + n];
        u[channel * elements + static_cast<std::size_t>(present_[a])] += product;
      }
}

} // namespace soapstone::features
