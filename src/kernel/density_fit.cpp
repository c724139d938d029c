// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/density_fit.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::kernel {

namespace {

struct Component {
  double variance;
  std::size_t l;
};

/// Eigenvectors per l as columns, by descending eigenvalue, and all eigenvalues together.
struct Spectrum {
  std::vector<std::vector<double>> vectors; ///< per l: order x order, column-major
  std::vector<Component> components;        ///< descending
  double total = 0;
};

Spectrum diagonalize(const soap::DensityCovariance& covariance) {
  const auto n = covariance.order();
  Spectrum spectrum;
  for (int l = 0; l <= covariance.l_max(); ++l) {
    auto matrix = covariance.mean(l);
    const auto values = linalg::eigen_symmetric({matrix.data(), n, n}); // ascending
    auto& vectors = spectrum.vectors.emplace_back();
    for (auto q = n - 1; q >= 0; --q) {
      vectors.insert(vectors.end(), matrix.begin() + q * n, matrix.begin() + (q + 1) * n);
      const double variance = std::max(0.0, values[static_cast<std::size_t>(q)]);
      spectrum.components.push_back({variance, static_cast<std::size_t>(l)});
      spectrum.total += variance;
    }
  }
  std::stable_sort(spectrum.components.begin(), spectrum.components.end(),
                   [](const auto& a, const auto& b) { return a.variance > b.variance; });
  return spectrum;
}

/// Leading `kept` columns of a column-major matrix with n rows, row-major.
std::vector<double> leading_columns(const std::vector<double>& vectors, std::size_t n, std::size_t kept) {
  std::vector<double> matrix(n * kept);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t q = 0; q < kept; ++q)
      matrix[i * kept + q] = vectors[q * n + i];
  return matrix;
}

} // namespace

soap::DensityContraction fit_density_contraction(const soap::DensityCovariance& covariance,
                                                 const ContractionGoal& goal, int body_order) {
  const auto spectrum = diagonalize(covariance);
  if (!(spectrum.total > 0))
    throw NumericalError("a contraction cannot be fitted to densities that are all zero");
  std::vector<std::size_t> kept(spectrum.vectors.size(), 0);
  std::int64_t width = 0;
  double left = spectrum.total;
  for (const auto& [variance, l] : spectrum.components) {
    const auto more = body_order == 2 ? 1 : static_cast<std::int64_t>(kept[l]) + 1;
    const bool enough =
        goal.width > 0 ? width + more > goal.width : left <= goal.residual_variance * spectrum.total;
    if (enough && width > 0)
      break;
    ++kept[l];
    width += more;
    left -= variance;
  }
  soap::DensityContraction contraction{covariance.channels(), covariance.n_max(), {}, 0.0};
  for (std::size_t l = 0; l < kept.size(); ++l)
    contraction.matrices.push_back(
        leading_columns(spectrum.vectors[l], static_cast<std::size_t>(covariance.order()), kept[l]));
  contraction.residual_variance = std::max(0.0, left / spectrum.total);
  return contraction;
}

} // namespace soapstone::kernel
