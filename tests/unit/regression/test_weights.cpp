// SPDX-License-Identifier: BSD-3-Clause
// The cross-validation loss against held-out predictions, its gradient against finite differences, the best
// weights against a search on a grid.
#include "soapstone/regression/weights.hpp"

#include "small_model.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;

std::string name(std::int64_t i) {
  return "frame " + std::to_string(i);
}

Baseline fit_baseline(std::span<const Structure> structures, std::span<const double> energies,
                      std::size_t target) {
  return target == 0 ? Baseline::fit_composition(structures, energies)
                     : Baseline::fit_mean(structures, energies);
}

/// Kernels of three length scales between points on a line, one point per structure, and targets that vary
/// on the middle one.
struct Case {
  std::vector<Structure> structures;
  std::vector<std::vector<double>> energies{2}, kernels{3};
  Folds folds;
  std::vector<std::uint8_t> left_out;
  Case(int n, std::int64_t k) : structures(testing::random_molecules(n, 5)), folds(draw_folds(n, k, 1)) {
    CounterRandom random(4);
    std::vector<double> points;
    for (int i = 0; i < n; ++i)
      points.push_back(6 * random.uniform());
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto atoms = static_cast<double>(structures[i].size());
      energies[0].push_back(atoms * (std::sin(2 * points[i]) + 0.05 * random.normal() - 3));
      energies[1].push_back(atoms * (std::cos(2 * points[i]) + 0.05 * random.normal() - 4));
    }
    const double widths[] = {3.0, 0.8, 0.1};
    for (std::size_t w = 0; w < 3; ++w)
      for (const double a : points)
        for (const double b : points)
          kernels[w].push_back(std::exp(-(a - b) * (a - b) / (2 * widths[w] * widths[w])));
  }
  ValidationProblem problem() const { return {structures, energies, folds, fit_baseline, name, left_out}; }
  std::vector<linalg::DistributedMatrix> scattered(const ProcessGrid& grid, std::int64_t block) const {
    const auto n = static_cast<std::int64_t>(structures.size());
    std::vector<linalg::DistributedMatrix> all;
    for (const auto& kernel : kernels)
      all.push_back(linalg::scatter(grid, kernel, n, n, block));
    return all;
  }
};

/// The same loss from held-out predictions; on deviations per atom.
double loss_of_predictions(const ProcessGrid& grid, const Case& all, const std::vector<double>& weights,
                           double lambda) {
  const auto n = static_cast<std::int64_t>(all.structures.size());
  std::vector<double> kernel(all.kernels[0].size());
  for (std::size_t w = 0; w < weights.size(); ++w)
    for (std::size_t i = 0; i < kernel.size(); ++i)
      kernel[i] += weights[w] * all.kernels[w][i];
  const auto found = cross_validate(linalg::scatter(grid, kernel, n, n, 4), all.problem(), {lambda},
                                    ValidationMethod::eigen);
  double loss = 0;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t s = 0; s < all.structures.size(); ++s) {
      if (!all.left_out.empty() && all.left_out[s] != 0)
        continue;
      const double error =
          (all.energies[t][s] - found[0].energies[t][s]) / static_cast<double>(all.structures[s].size());
      loss += error * error;
    }
  return loss;
}

void check_gradient(const ProcessGrid& grid, const Case& all, std::int64_t block) {
  const auto kernels = all.scattered(grid, block);
  const auto problem = all.problem();
  const ValidationObjective objective(kernels, problem);
  const std::vector<double> weights{0.7, 1.9, 0.4};
  const double lambda = 0.02, step = 1e-5;
  const auto found = objective(weights, lambda);
  EXPECT_NEAR(found.loss / loss_of_predictions(grid, all, weights, lambda), 1, 1e-10);
  const auto difference = [&](auto&& change) { // relative to the loss, in relative changes
    const auto value = [&](double factor) {
      auto w = weights;
      double l = lambda;
      change(w, l, factor);
      return loss_of_predictions(grid, all, w, l);
    };
    return (value(1 + step) - value(1 - step)) / (2 * step * found.loss);
  };
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(found.weights[i] * weights[i] / found.loss,
                difference([&](auto& w, double&, double factor) { w[i] *= factor; }), 1e-7);
  EXPECT_NEAR(found.lambda * lambda / found.loss,
              difference([](auto&, double& l, double factor) { l *= factor; }), 1e-7);
  // Scaling weights and lambda together changes nothing.
  EXPECT_NEAR((found.weights[0] * weights[0] + found.weights[1] * weights[1] + found.weights[2] * weights[2] +
               found.lambda * lambda) /
                  found.loss,
              0, 1e-9);
}

TEST(Weights, GradientEqualsFiniteDifferencesOnEveryGrid) {
  const auto world = parallel::Communicator::world();
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = 1; rows * cols <= world.size(); ++cols) {
      SCOPED_TRACE(::testing::Message() << "grid " << rows << "x" << cols);
      const ProcessGrid grid(world, GridShape{rows, cols});
      check_gradient(grid, Case(30, 4), 4);
      check_gradient(grid, Case(17, 17), 3);
    }
}

TEST(Weights, GradientEqualsFiniteDifferencesForLargeFolds) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  check_gradient(grid, Case(520, 2), 64);
}

TEST(Weights, StructuresThatAreLeftOutHaveNoShareInTheLoss) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  Case all(30, 4);
  all.left_out.assign(30, 0);
  for (const std::size_t s : {0U, 7U, 8U, 29U})
    all.left_out[s] = 1;
  check_gradient(grid, all, 4);
  // These errors would add 1e6 eV to the loss if they counted. The energies still count as training data.
  for (const std::size_t s : {0U, 7U})
    all.energies[0][s] += 1e3;
  check_gradient(grid, all, 4);
}

// No point of a grid around the minimum is lower.
TEST(Weights, OptimizedOnesAreTheBest) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(40, 5);
  const auto kernels = all.scattered(grid, 8);
  const double lambda = 0.05;
  std::size_t steps = 0;
  const auto best = optimize_weights(kernels, all.problem(), {1, 1, 1}, lambda, LambdaScale::absolute,
                                     {200, 1e-6, 6}, [&](const WeightStep&) { ++steps; });
  EXPECT_EQ(steps, best.history.size());
  EXPECT_NEAR(best.loss_before, loss_of_predictions(grid, all, {1, 1, 1}, lambda), 1e-9);
  EXPECT_NEAR(best.loss, loss_of_predictions(grid, all, best.weights, lambda), 1e-9);
  EXPECT_LT(best.loss, 0.9 * best.loss_before);
  EXPECT_GT(best.weights[1], 3 * best.weights[0]); // the targets vary on this scale
  EXPECT_GT(best.weights[1], 3 * best.weights[2]);
  EXPECT_NEAR(best.regularization, lambda / (best.weights[0] + best.weights[1] + best.weights[2]), 1e-12);
  for (const double a : {0.3, 0.9, 1.0, 1.1, 3.0})
    for (const double b : {0.3, 0.9, 1.0, 1.1, 3.0})
      for (const double c : {0.3, 1.0, 3.0}) {
        const std::vector other{a * best.weights[0], b * best.weights[1], c * best.weights[2]};
        EXPECT_GE(loss_of_predictions(grid, all, other, lambda), best.loss * (1 - 1e-6))
            << a << ' ' << b << ' ' << c;
      }
}

// With lambda in proportion to the kernel the loss depends on ratios of weights alone, and no point of a grid
// of ratios is lower.
TEST(Weights, RegularizationCanStayInProportion) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(40, 5);
  const auto kernels = all.scattered(grid, 8); // of diagonal 1
  const double ratio = 0.02;
  const auto loss = [&](const std::vector<double>& w) {
    return loss_of_predictions(grid, all, w, ratio * (w[0] + w[1] + w[2]));
  };
  const auto best =
      optimize_weights(kernels, all.problem(), {5, 1, 2}, ratio, LambdaScale::relative, {200, 1e-6, 6});
  EXPECT_NEAR(best.regularization, ratio, 1e-14);
  EXPECT_NEAR(best.loss_before, loss({5, 1, 2}), 1e-9);
  EXPECT_NEAR(best.loss, loss(best.weights), 1e-9);
  EXPECT_LT(best.loss, 0.9 * best.loss_before);
  for (const double a : {0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 10.0})
    for (const double c : {0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 10.0})
      EXPECT_GE(loss({a * best.weights[0], best.weights[1], c * best.weights[2]}), best.loss * (1 - 1e-4));
}

/// z times the Cholesky factor of a kernel: a draw of its Gaussian process.
std::vector<double> draw(std::vector<double> kernel, std::size_t n, std::uint64_t seed) {
  CounterRandom random(seed);
  std::vector<double> z, y(n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    z.push_back(random.normal());
    for (std::size_t k = 0; k < j; ++k)
      for (std::size_t i = j; i < n; ++i)
        kernel[i * n + j] -= kernel[i * n + k] * kernel[j * n + k];
    const double pivot = std::sqrt(std::max(kernel[j * n + j], 0.0) + 1e-8);
    for (std::size_t i = j; i < n; ++i) {
      kernel[i * n + j] /= pivot;
      y[i] += kernel[i * n + j] * z[j];
    }
  }
  return y;
}

// Targets drawn from the Gaussian process of one of the kernels: at least as good as with that one alone.
TEST(Weights, FindPlantedOnes) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const std::size_t planted : {0U, 1U, 2U}) {
    Case all(60, 6);
    for (std::size_t t = 0; t < 2; ++t) {
      const auto values = draw(all.kernels[planted], all.structures.size(), 9 + t);
      for (std::size_t i = 0; i < values.size(); ++i)
        all.energies[t][i] = static_cast<double>(all.structures[i].size()) * (values[i] - 3);
    }
    const double ratio = 1e-4;
    const auto kernels = all.scattered(grid, 16);
    const auto best =
        optimize_weights(kernels, all.problem(), {1, 1, 1}, ratio, LambdaScale::relative, {100, 1e-4, 6});
    std::vector<double> alone{1e-3, 1e-3, 1e-3};
    alone[planted] = 1;
    EXPECT_LT(best.loss, 1.01 * loss_of_predictions(grid, all, alone, 1.002 * ratio)) << planted;
    EXPECT_LT(best.loss, best.loss_before) << planted;
  }
}

TEST(Weights, StartAboveZero) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Case all(12, 3);
  EXPECT_THROW(optimize_weights(all.scattered(grid, 4), all.problem(), {1, 0, 1}, 0.1), ConfigError);
}

} // namespace
} // namespace soapstone::regression
