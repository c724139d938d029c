// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/errors.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <cstdint>
#include <set>
#include <vector>

namespace soapstone::workflow {

/// Test errors at one training-set size.
struct CurvePoint {
  std::int64_t n_train = 0;
  std::vector<std::vector<regression::ErrorSummary>> errors; ///< [target][repeat]
  /// Test structures of each repeat that do not count, for elements that the n_train structures lack.
  std::vector<std::int64_t> left_out;
};

/// Holds what the repeats add up to.
struct Curve {
  std::vector<CurvePoint> points;          ///< by ascending size
  std::vector<std::set<int>> unseen;       ///< of each point: elements of test structures only
  std::vector<double> lambdas;             ///< of each repeat, or of each repeat and size
  double backward_error = 0, residual = 0; ///< the largest, see regression::Model
};

/// A curve without repeats.
Curve start_curve(const std::vector<std::int64_t>& sizes, std::size_t targets);

/// Collective. Trains with each of the curve's sizes, nested in the training set of one random split,
/// predicts its test set, and adds the errors. All sizes share one Cholesky factorisation where that is the
/// solver for the largest.
void add_repeat(const Context& context, const options::Configuration& configuration, const DrawnData& data,
                const std::vector<kernel::KernelSpec>& kernels, Curve& curve);

/// Warns of test structures that did not count.
void warn_of_left_out(const Stages& stages, const Curve& curve);

} // namespace soapstone::workflow
