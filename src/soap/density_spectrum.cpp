// SPDX-License-Identifier: BSD-3-Clause
#include "density_spectrum.hpp"

#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_spectrum.hpp"
#include "soapstone/soap/spectrum_gradient.hpp"

#include <utility>

namespace soapstone::soap {

DensitySpectrum::DensitySpectrum(int body_order, std::optional<PackedContraction> contraction)
    : radial_(body_order == 2), contraction_(std::move(contraction)) {}

std::size_t DensitySpectrum::width(const DensityShape& shape) const {
  if (!contraction_)
    return static_cast<std::size_t>(radial_ ? std::int64_t{shape.channels} * shape.n_max
                                            : power_spectrum_width(shape));
  std::int64_t width = 0;
  for (const int kept : contraction_->kept())
    width += radial_ ? kept : power_spectrum_width(kept, 0, true);
  return static_cast<std::size_t>(width);
}

const double* DensitySpectrum::contract(const DensityShape& shape, const double* density,
                                        SpectrumWorkspace& work) const {
  if (!contraction_)
    return density;
  work.contracted.resize(contraction_->size());
  contraction_->apply(shape, density, work.contracted.data());
  return work.contracted.data();
}

double DensitySpectrum::compute(const DensityShape& shape, const double* contracted, double* features) const {
  if (radial_)
    return radial_spectrum(contraction_ ? radial_shape() : shape, contracted, features);
  return contraction_ ? power_spectrum(contraction_->kept(), contraction_->stride(), contracted, features)
                      : power_spectrum(shape, contracted, features);
}

void DensitySpectrum::add_gradient(const DensityShape& shape, const double* contracted,
                                   const double* feature_gradient, SpectrumWorkspace& work,
                                   double* density_gradient) const {
  if (!contraction_) {
    if (radial_)
      add_radial_spectrum_gradient(shape, feature_gradient, density_gradient);
    else
      add_power_spectrum_gradient(shape, contracted, feature_gradient, work.symmetric, density_gradient);
    return;
  }
  work.contracted_gradient.assign(contraction_->size(), 0.0);
  double* gradient = work.contracted_gradient.data();
  if (radial_)
    add_radial_spectrum_gradient(radial_shape(), feature_gradient, gradient);
  else
    add_power_spectrum_gradient(contraction_->kept(), contraction_->stride(), contracted, feature_gradient,
                                work.symmetric, gradient);
  contraction_->add_transposed(shape, gradient, density_gradient);
}

} // namespace soapstone::soap
