// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_covariance.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::soap {

DensityCovariance::DensityCovariance(int channels, int n_max, int l_max)
    : channels_(channels), n_max_(n_max),
      sums_(static_cast<std::size_t>(l_max + 1),
            std::vector<double>(static_cast<std::size_t>(order() * order()), 0.0)) {}

/// products_[l][i][j] for j <= i = (2l + 1)^-1/2 sum_m c_ilm c_jlm; the rest stays zero.
void DensityCovariance::add_products(DensityView density) {
  const auto& shape = density.shape;
  const long n = long{shape.channels} * shape.n_max;
  products_.assign(static_cast<std::size_t>((shape.l_max + 1) * n * n), 0.0);
  double* matrix = products_.data();
  for (long l = 0; l <= shape.l_max; ++l, matrix += n * n) {
    const double scale = 1 / std::sqrt(2.0 * static_cast<double>(l) + 1);
    for (long row = l * l; row < (l + 1) * (l + 1); ++row) {
      const double* c = density.values + row * shape.stride();
      for (long i = 0; i < n; ++i) {
        const double factor = scale * c[i];
        for (long j = 0; j <= i; ++j)
          matrix[i * n + j] += factor * c[j];
      }
    }
  }
}

void DensityCovariance::add(DensityView density, std::span<const int> present, double factor, double weight) {
  add_products(density);
  const long n = long{density.shape.channels} * density.shape.n_max;
  weight_ += weight;
  const double* product = products_.data();
  const auto place = [&](long i) {
    return long{present[static_cast<std::size_t>(i / n_max_)]} * n_max_ + i % n_max_;
  };
  for (auto& sum : sums_)
    for (long i = 0; i < n; ++i, product += n)
      for (long j = 0; j <= i; ++j)
        sum[static_cast<std::size_t>(place(i) * order() + place(j))] += weight * factor * product[j];
}

namespace {

/// (u x 1) A of a square matrix A, over elements x n_max, transposed: done twice this is (u x 1) A (u x 1)^T.
std::vector<double> couple_rows(const std::vector<double>& a, std::size_t columns,
                                const SpeciesCoupling& coupling, std::size_t n_max) {
  const auto channels = static_cast<std::size_t>(coupling.channels());
  std::vector<double> result(columns * channels * n_max, 0.0);
  for (std::size_t channel = 0; channel < channels; ++channel)
    for (std::size_t element = 0; element < coupling.elements.size(); ++element) {
      const double u = coupling.at(static_cast<int>(channel), element);
      for (std::size_t n = 0; n < n_max; ++n)
        for (std::size_t column = 0; column < columns; ++column)
          result[column * channels * n_max + channel * n_max + n] +=
              u * a[(element * n_max + n) * columns + column];
    }
  return result;
}

} // namespace

DensityCovariance DensityCovariance::coupled(const SpeciesCoupling& coupling) const {
  expects(static_cast<int>(coupling.elements.size()) == channels_, "a coupling of these densities");
  DensityCovariance result(coupling.channels(), n_max_, l_max());
  const auto n = static_cast<std::size_t>(n_max_);
  for (int l = 0; l <= l_max(); ++l) // the mean has both triangles, the sums need one
    result.sums_[static_cast<std::size_t>(l)] =
        couple_rows(couple_rows(mean(l), static_cast<std::size_t>(order()), coupling, n),
                    static_cast<std::size_t>(result.order()), coupling, n);
  result.weight_ = 1;
  return result;
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
