// SPDX-License-Identifier: BSD-3-Clause
#include "normalization.hpp"

#include "soapstone/soap/density_norm.hpp"

#include <cmath>
#include <numeric>

namespace soapstone::features {

namespace {

double dot(const double* a, const double* b, std::size_t count) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  double sum = std::accumulate(sums, sums + 8, 0.0);
  for (; i < count; ++i)
    sum += a[i] * b[i];
  return sum;
}

} // namespace

Normalization::Normalization(const soap::SoapParameters& parameters, const soap::SpeciesCoupling* coupling)
    : kind_(!parameters.normalize                    ? Kind::none
            : coupling && coupling->normalize_before ? Kind::before
                                                     : Kind::after),
      body_order_(parameters.body_order) {}

double Normalization::norm_squared(soap::DensityView density) const {
  return body_order_ == 2 ? soap::radial_spectrum_norm_squared(density)
                          : soap::power_spectrum_norm_squared(density);
}

double Normalization::factor(double squares) const {
  return kind_ != Kind::none && squares > 0 ? 1 / std::sqrt(squares) : 1.0;
}

double Normalization::differentiate(std::span<const double> p, double squares, double inverse,
                                    const double* row, double weight, std::span<double> gradient) const {
  const double along = kind_ == Kind::none ? 0.0 : weight * dot(row, p.data(), p.size());
  double scale = weight, back = 0, norm_slope = 0;
  if (kind_ == Kind::after && squares > 0) {
    scale = weight / std::sqrt(squares);
    back = along / (squares * std::sqrt(squares));
  } else if (kind_ == Kind::before) {
    scale = weight * inverse;
    norm_slope = -0.5 * along * inverse * inverse * inverse;
  }
  for (std::size_t i = 0; i < gradient.size(); ++i)
    gradient[i] = scale * row[i];
  if (back != 0)
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] -= back * p[i];
  return norm_slope;
}

} // namespace soapstone::features
