// SPDX-License-Identifier: BSD-3-Clause
#include "fold_derivatives.hpp"

#include "soapstone/linalg/products.hpp"

#include <algorithm>

namespace soapstone::regression {

using linalg::DistributedMatrix;
using linalg::Op;

namespace {

class Derivation {
public:
  Derivation(const DistributedMatrix& inverse, const FoldTargets& targets, const ErrorLoss& loss)
      : inverse_(inverse), targets_(targets), loss_(loss), batches_(batches_of(targets.folds())) {}

  /// With predictions p_f of the held-out fold, beta_f = y_f - p_f, and b_f = G (t + E_f p_f): what the model
  /// without f explains exactly on all structures.
  FoldErrors run() const {
    auto columns = targets_.columns(inverse_.grid(), block(), 0, targets_.folds().count());
    const auto predicted = solve_folds(multiplied(columns));
    auto errors = errors_of(predicted);
    add_in_folds(predicted, columns);
    auto b = multiplied(columns);
    clear_folds(b);
    std::vector<double> minus(errors.size());
    std::transform(errors.begin(), errors.end(), minus.begin(), [this](double e) { return -loss_.slope(e); });
    auto negative = zeros(), v = zeros();
    add_in_folds(minus, negative);
    add_in_folds(solve_folds(negative), v);
    return {std::move(errors), multiplied(v), std::move(b)};
  }

private:
  std::int64_t n() const { return targets_.structures(); }
  std::int64_t block() const { return inverse_.rows().block(); }
  std::size_t at(std::int64_t structure, std::int64_t target) const {
    return static_cast<std::size_t>(structure + n() * target);
  }
  DistributedMatrix zeros() const {
    return {inverse_.grid(), n(), targets_.folds().count() * targets_.targets(), block()};
  }

  /// -(G_ff)^-1 r_f of all folds, structures x targets; r structures x (folds x targets).
  std::vector<double> solve_folds(const DistributedMatrix& r) const {
    std::vector<double> all(static_cast<std::size_t>(n() * targets_.targets()));
    for (const auto& batch : batches_) {
      DistributedMatrix square(inverse_.grid(), batch.size(), batch.size(), block());
      DistributedMatrix part(inverse_.grid(), batch.size(), (batch.last - batch.first) * targets_.targets(),
                             block());
      linalg::copy_part(inverse_, batch.begin, batch.begin, square);
      linalg::copy_part(r, batch.begin, batch.first * targets_.targets(), part);
      const auto values = solve_batch(targets_, batch, std::move(square), std::move(part));
      for (std::int64_t t = 0; t < targets_.targets(); ++t)
        std::copy_n(values.begin() + t * batch.size(), batch.size(),
                    all.begin() + static_cast<std::ptrdiff_t>(at(batch.begin, t)));
    }
    return all;
  }

  /// Adds values (structures x targets) to the rows of their folds: columns (f, t) += E_f values_f.
  void add_in_folds(const std::vector<double>& values, DistributedMatrix& columns) const {
    for (std::int64_t col = 0; col < columns.cols().local_size(); ++col) {
      const auto column = columns.cols().to_global(col);
      const auto fold = column / targets_.targets(), target = column % targets_.targets();
      const auto end = columns.rows().mine_below(targets_.folds().end(fold));
      for (auto row = columns.rows().mine_below(targets_.folds().begin(fold)); row < end; ++row)
        columns.at_local(row, col) += values[at(columns.rows().to_global(row), target)];
    }
  }

  /// Clears what of b is zero but for rounding: kernel_gradient() makes use of zeros.
  void clear_folds(DistributedMatrix& columns) const {
    for (std::int64_t col = 0; col < columns.cols().local_size(); ++col) {
      const auto fold = columns.cols().to_global(col) / targets_.targets();
      const auto end = columns.rows().mine_below(targets_.folds().end(fold));
      for (auto row = columns.rows().mine_below(targets_.folds().begin(fold)); row < end; ++row)
        columns.at_local(row, col) = 0;
    }
  }

  DistributedMatrix multiplied(const DistributedMatrix& columns) const {
    auto product = zeros();
    linalg::multiply(Op::none, Op::none, 1.0, inverse_, columns, 0.0, product);
    return product;
  }

  std::vector<double> errors_of(const std::vector<double>& predicted) const {
    std::vector<double> errors(predicted.size());
    for (std::int64_t t = 0; t < targets_.targets(); ++t)
      for (std::int64_t fold = 0; fold < targets_.folds().count(); ++fold)
        for (auto s = targets_.folds().begin(fold); s < targets_.folds().end(fold); ++s)
          if (targets_.counts(s)) // other errors stay zero and do not contribute to the loss
            errors[at(s, t)] = targets_.deviation(fold, t, s) - predicted[at(s, t)];
    return errors;
  }

  const DistributedMatrix& inverse_;
  const FoldTargets& targets_;
  ErrorLoss loss_;
  std::vector<Batch> batches_;
};

} // namespace

FoldErrors differentiate_folds(const DistributedMatrix& inverse, const FoldTargets& targets,
                               const ErrorLoss& loss) {
  return Derivation(inverse, targets, loss).run();
}

} // namespace soapstone::regression
