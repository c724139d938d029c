// SPDX-License-Identifier: BSD-3-Clause
#include "composition_fit.hpp"

#include "soapstone/linalg/blas.hpp"

namespace soapstone::survey {

namespace {

constexpr double smallest_eigenvalue = 1e-9; // relative; it is 3e-5 for singular values of the composition

double weight_of(const Composition& composition, double scale) {
  double sum = 0;
  for (const auto& [z, count] : composition)
    sum += scale * count;
  return sum;
}

} // namespace

void CompositionFit::add(const Composition& composition, double scale, double value) {
  const double weight = weight_of(composition, scale);
  if (!begun_) {
    reference_ = value / weight;
    begun_ = true;
  }
  const double rest = value - reference_ * weight;
  for (const auto& [z, count] : composition) {
    const double own = scale * count;
    moments_[z] += own * rest;
    for (const auto& [other, count_other] : composition)
      products_[z * most + other] += own * scale * count_other;
  }
}

void CompositionFit::solve() {
  std::vector<std::size_t> present;
  for (std::size_t z = 0; z < most; ++z)
    if (products_[z * most + z] > 0)
      present.push_back(z);
  std::vector<double> matrix, right;
  for (const auto z : present) {
    right.push_back(moments_[z]);
    for (const auto other : present)
      matrix.push_back(products_[z * most + other]);
  }
  const auto n = static_cast<std::int64_t>(present.size());
  if (n == 0)
    return;
  const auto found = linalg::least_squares(n, n, std::move(matrix), std::move(right), smallest_eigenvalue);
  rank_ = found.rank;
  for (std::size_t i = 0; i < present.size(); ++i)
    solution_[present[i]] = found.x[i];
}

double CompositionFit::value(const Composition& composition, double scale) const {
  double sum = 0;
  for (const auto& [z, count] : composition)
    sum += scale * count * (solution_[z] + reference_);
  return sum;
}

std::map<int, double> CompositionFit::element_values() const {
  std::map<int, double> values;
  for (std::size_t z = 0; z < most; ++z)
    if (products_[z * most + z] > 0)
      values[static_cast<int>(z)] = solution_[z] + reference_;
  return values;
}

} // namespace soapstone::survey
