// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/krr.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/products.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/regression/kernel_scale.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace soapstone::regression {

using linalg::DistributedMatrix;

namespace {

struct Similar {
  std::int64_t index = -1;
  double similarity = 0;
};

/// The structure before `pivot` whose normalised kernel with it is largest, from column `pivot` of the upper
/// triangle.
Similar most_similar(const DistributedMatrix& upper, const std::vector<double>& diagonal,
                     std::int64_t pivot) {
  std::vector<double> column(static_cast<std::size_t>(pivot), 0.0);
  if (upper.grid().active() && upper.cols().is_mine(pivot)) {
    for (std::int64_t i = 0; i < upper.rows().local_size(); ++i)
      if (const auto row = upper.rows().to_global(i); row < pivot)
        column[static_cast<std::size_t>(row)] = upper.at_local(i, upper.cols().to_local(pivot));
  }
  parallel::all_reduce(upper.grid().all(), std::span(column));
  Similar best;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const double similarity =
        column[row] / std::sqrt(diagonal[row] * diagonal[static_cast<std::size_t>(pivot)]);
    if (similarity > best.similarity)
      best = {static_cast<std::int64_t>(row), similarity};
  }
  return best;
}

/// The first pivot that is no more than rounding, or -1: the computed L_ii^2 is only known to about n eps
/// K_ii (backward error of Cholesky, N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
/// chapter 10), so its sign is chance.
std::int64_t first_lost_pivot(const std::vector<double>& factor, const std::vector<double>& diagonal) {
  const double rounding = static_cast<double>(factor.size()) * std::numeric_limits<double>::epsilon();
  for (std::size_t i = 0; i < factor.size(); ++i)
    if (factor[i] * factor[i] <= rounding * diagonal[i])
      return static_cast<std::int64_t>(i);
  return -1;
}

double mean_of(const std::vector<double>& values) {
  return values.empty()
             ? 0.0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

void require_accurate(double backward_error, const char* matrix) {
  if (!(backward_error <= max_backward_error))
    throw NumericalError(format("the linear solve is not accurate: backward error %.3g (limit %.3g). The %s "
                                "is too close to singular; raise `regularization`",
                                backward_error, max_backward_error, matrix));
}

KernelRidge::KernelRidge(DistributedMatrix kernel, double regularization, NameStructure name,
                         LambdaScale scale)
    : factor_(std::move(kernel)), name_(std::move(name)) {
  linalg::require_finite(factor_, "the kernel matrix");
  linalg::mirror_lower_to_upper(factor_);
  diagonal_ = linalg::gather_diagonal(factor_);
  mean_diagonal_ = mean_of(diagonal_);
  lambda_ = scale == LambdaScale::relative ? regularization * require_scale(mean_diagonal_) : regularization;
  linalg::add_to_diagonal(factor_, lambda_);
  for (double& value : diagonal_)
    value += lambda_;
}

void KernelRidge::factorize() {
  try {
    linalg::cholesky_factorize(factor_);
  } catch (const linalg::NotPositiveDefinite& failure) {
    explain(failure.pivot());
  }
  if (const auto lost = first_lost_pivot(linalg::gather_diagonal(factor_), diagonal_); lost >= 0)
    explain(lost);
}

void KernelRidge::explain(std::int64_t pivot) const {
  std::string text =
      format("the kernel matrix plus regularization is not positive definite at training structure %lld (%s)",
             static_cast<long long>(pivot), name_(pivot).c_str());
  const auto similar = most_similar(factor_, diagonal_, pivot);
  if (similar.index >= 0)
    text += format("; the most similar one before it is structure %lld (%s), normalised kernel %.12g",
                   static_cast<long long>(similar.index), name_(similar.index).c_str(), similar.similarity);
  text += ". Likely causes: duplicate structures, or a regularization too small for this kernel. Remove "
          "duplicates or raise "
          "`regularization` (try ten times its value)";
  throw NumericalError(text);
}

Fit KernelRidge::solve(const std::vector<double>& targets, std::int64_t k) const {
  return solve_leading(size(), targets, k);
}

Fit KernelRidge::solve_leading(std::int64_t n, const std::vector<double>& targets, std::int64_t k) const {
  expects(n >= 0 && n <= size(), "no more structures than the factor has");
  expects(static_cast<std::int64_t>(targets.size()) == n * k, "one target per structure");
  auto rhs = linalg::scatter(factor_.grid(), targets, n, k, factor_.rows().block());
  linalg::cholesky_solve_leading(factor_, rhs);
  linalg::require_finite(rhs, "the solution of the regression");
  Fit fit;
  fit.coefficients = linalg::gather(rhs);
  const std::vector<double> diagonal(diagonal_.begin(), diagonal_.begin() + n);
  const auto residual = linalg::solve_residual(factor_, diagonal, targets, fit.coefficients, k);
  fit.backward_error = residual.backward_error;
  require_accurate(fit.backward_error, "kernel matrix");
  fit.fitted.resize(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) // K x = y - lambda x - r
    fit.fitted[i] = targets[i] - lambda_ * fit.coefficients[i] - residual.values[i];
  return fit;
}

KernelRidge::KernelRidge(DistributedMatrix matrix, std::vector<double> diagonal, double mean_diagonal,
                         double lambda, NameStructure name)
    : factor_(std::move(matrix)), diagonal_(std::move(diagonal)), mean_diagonal_(mean_diagonal),
      lambda_(lambda), name_(std::move(name)) {}

// The kernel stands in the strictly upper triangle, its diagonal apart; the lower one may hold the factor.
KernelRidge KernelRidge::restricted(const std::vector<IndexRange>& ranges) const {
  std::vector<std::int64_t> members;
  std::vector<double> diagonal;
  for (const auto& range : ranges)
    for (auto i = range.begin; i < range.end; ++i) {
      members.push_back(i);
      diagonal.push_back(diagonal_.at(static_cast<std::size_t>(i)));
    }
  const auto n = static_cast<std::int64_t>(members.size());
  DistributedMatrix matrix(factor_.grid(), n, n, factor_.rows().block());
  std::int64_t col = 0;
  for (auto earlier = ranges.begin(); earlier != ranges.end(); col += earlier++->size()) {
    auto row = col;
    for (auto later = earlier; later != ranges.end(); row += later++->size())
      linalg::transpose_part(factor_, earlier->begin, later->begin, earlier->size(), later->size(), matrix,
                             row, col);
  }
  linalg::mirror_lower_to_upper(matrix);
  linalg::set_diagonal(matrix, diagonal);
  return {std::move(matrix), std::move(diagonal), mean_diagonal_, lambda_,
          [name = name_, members](std::int64_t i) { return name(members[static_cast<std::size_t>(i)]); }};
}

std::vector<double> KernelRidge::multiply(const std::vector<double>& x, std::int64_t k) const {
  const std::vector<double> zero(x.size(), 0.0);
  auto product = linalg::solve_residual(factor_, diagonal_, zero, x, k).values;
  for (std::size_t i = 0; i < product.size(); ++i) // the residual is -(K + lambda I) x
    product[i] = -product[i] - lambda_ * x[i];
  return product;
}

Inverse KernelRidge::inverse() && {
  linalg::cholesky_invert(factor_);
  // The kernel still stands above the inverse: multiplied by what the inverse makes of it, any vector
  // returns.
  std::vector<double> probe;
  CounterRandom random(1);
  for (std::int64_t i = 0; i < size(); ++i)
    probe.push_back(random.normal());
  const auto rhs = linalg::scatter(factor_.grid(), probe, size(), 1, factor_.rows().block());
  DistributedMatrix x(factor_.grid(), size(), 1, factor_.rows().block());
  linalg::symmetric_multiply(linalg::Triangle::lower, 1.0, factor_, rhs, 0.0, x);
  const double error = linalg::solve_residual(factor_, diagonal_, probe, linalg::gather(x), 1).backward_error;
  require_accurate(error, "kernel matrix");
  linalg::mirror_lower_to_upper(factor_);
  return {std::move(factor_), error};
}

} // namespace soapstone::regression
