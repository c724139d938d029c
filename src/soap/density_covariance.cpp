// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_covariance.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::soap {

DensityCovariance::DensityCovariance(int channels, int n_max, int l_max)
    : channels_(channels), n_max_(n_max),
      sums_(static_cast<std::size_t>(l_max + 1),
            std::vector<double>(static_cast<std::size_t>(order() * order()), 0.0)) {}

/// products_[l][i][j] for j <= i = (2l + 1)^-1/2 sum_m c_ilm c_jlm; the rest stays zero.
void DensityCovariance::add_products(const DensityShape& shape, const double* density) {
  const long n = long{shape.channels} * shape.n_max;
  products_.assign(static_cast<std::size_t>((shape.l_max + 1) * n * n), 0.0);
  double* matrix = products_.data();
  for (long l = 0; l <= shape.l_max; ++l, matrix += n * n) {
    const double scale = 1 / std::sqrt(2.0 * static_cast<double>(l) + 1);
    for (long row = l * l; row < (l + 1) * (l + 1); ++row) {
      const double* c = density + row * shape.stride();
      for (long i = 0; i < n; ++i) {
        const double factor = scale * c[i];
        for (long j = 0; j <= i; ++j)
          matrix[i * n + j] += factor * c[j];
      }
    }
  }
}

void DensityCovariance::add(const DensityShape& shape, const double* density, std::span<const int> present,
                            bool normalize, double weight) {
  add_products(shape, density);
  const long n = long{shape.channels} * shape.n_max;
  double squares = 0; // of whole matrices: off-diagonal elements count twice
  for (std::size_t at = 0; at < products_.size(); ++at) {
    const auto i = static_cast<long>(at) / n % n, j = static_cast<long>(at) % n;
    squares += (i == j ? 1 : 2) * products_[at] * products_[at];
  }
  weight_ += weight;
  if (squares == 0)
    return;
  const double factor = normalize ? weight / std::sqrt(squares) : weight;
  const double* product = products_.data();
  const auto place = [&](long i) {
    return present[static_cast<std::size_t>(i / n_max_)] * n_max_ + i % n_max_;
  };
  for (auto& sum : sums_)
    for (long i = 0; i < n; ++i, product += n)
      for (long j = 0; j <= i; ++j)
        sum[static_cast<std::size_t>(place(i) * order() + place(j))] += factor * product[j];
}

std::vector<double> DensityCovariance::mean(int l) const {
  auto matrix = sums_[static_cast<std::size_t>(l)];
  const auto n = static_cast<std::size_t>(order());
  for (auto& value : matrix)
    value /= std::max(weight_, 1e-300);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j)
      matrix[j * n + i] = matrix[i * n + j];
  return matrix;
}

} // namespace soapstone::soap
