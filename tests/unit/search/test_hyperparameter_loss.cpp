// SPDX-License-Identifier: BSD-3-Clause
// Tests the cross-validation loss as a function of hyperparameters: its value against kernels and
// cross-validation by the rest of the program, its gradient against finite differences of those values.
#include "soapstone/search/hyperparameter_loss.hpp"

#include "hyperparameter_samples.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/kernel/contraction.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

namespace soapstone::search {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;
using structure::Structure;

std::vector<Structure> molecules(int count) {
  const std::uint8_t kinds[] = {1, 6, 8};
  CounterRandom random(3);
  std::vector<Structure> result;
  for (int s = 0; s < count; ++s) {
    Structure structure;
    const auto atoms = 2 + random.below(3);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(kinds[random.below(3)]);
      structure.positions.push_back(
          {1.2 * static_cast<double>(a), 0.8 * random.uniform(), 0.8 * random.uniform()});
    }
    result.push_back(structure);
  }
  result[0].cell = {{{{4, 0, 0}, {0.2, 4.2, 0}, {0, 0.3, 3.9}}}, {true, true, true}};
  return result;
}

/// A problem of a few molecules, and a kernel to start from.
struct Case {
  std::vector<Structure> structures = molecules(13);
  std::vector<std::vector<double>> energies{1};
  regression::Folds folds;
  explicit Case(std::int64_t k) : folds(regression::draw_folds(13, k, 1)) {
    CounterRandom random(8);
    for (const auto& structure : structures)
      energies[0].push_back(static_cast<double>(structure.size()) * random.normal());
  }
  regression::ValidationProblem problem() const {
    return {structures, energies, folds,
            [](std::span<const Structure> some, std::span<const double> values, std::size_t) {
              return regression::Baseline::fit_composition(some, values);
            },
            [](std::int64_t i) { return "frame " + std::to_string(i); }};
  }
};

enum class Contracted { density, pca };

/// Returns the kernel with a contraction to a few features. Densities are contracted by random matrices that
/// are not orthogonal and keep nothing of one l, rows by their principal components.
kernel::KernelSpec contracted(kernel::KernelSpec spec, Contracted method) {
  if (method == Contracted::pca) {
    kernel::ContractionOptions options;
    options.goal.width = 5;
    kernel::fit_contraction(parallel::Communicator::self(), spec, molecules(13), options);
    return spec;
  }
  const int channels = kernel::density_channels(spec);
  soap::DensityContraction contraction{channels, spec.soap.n_max, {}, 0.0};
  CounterRandom random(21);
  for (const int kept : spec.soap.body_order == 2 ? std::vector{3} : std::vector{3, 2, 0, 1}) {
    auto& matrix = contraction.matrices.emplace_back();
    for (int i = 0; i < channels * spec.soap.n_max * kept; ++i)
      matrix.push_back(random.normal());
  }
  spec.density = std::make_shared<const soap::DensityContraction>(std::move(contraction));
  return spec;
}

/// Computes the same loss by SoapCalculator, KernelSum and cross_validate.
double loss_of_predictions(const ProcessGrid& grid, const Case& data, const Hyperparameters& at,
                           double width) {
  kernel::KernelSum sum(grid, at.kernels, data.structures, 3);
  auto matrix = sum.assemble(1 << 20);
  double trace = 0;
  for (const double value : linalg::gather_diagonal(matrix))
    trace += value;
  const double lambda = at.regularization * trace / 13;
  const auto found = regression::cross_validate(std::move(matrix), data.problem(), {lambda},
                                                regression::ValidationMethod::inverse);
  double loss = 0;
  for (std::size_t s = 0; s < data.structures.size(); ++s) {
    const double error =
        (data.energies[0][s] - found[0].energies[0][s]) / static_cast<double>(data.structures[s].size());
    loss += std::isinf(width) ? error * error / 2
                              : width * width * (std::sqrt(1 + error * error / (width * width)) - 1);
  }
  return loss;
}

/// Estimates the standard deviation of the rounding of f(x) from fourth differences over steps so short that
/// nothing else is in them (J. J. Moré, S. M. Wild, SIAM Journal on Scientific Computing 33, 1292 (2011)).
double rounding_of(const std::function<double(double)>& f) {
  double squares = 0;
  std::vector<double> values;
  for (int i = -6; i <= 6; ++i)
    values.push_back(f(1e-6 * i));
  const std::size_t count = values.size() - 4;
  for (std::size_t i = 0; i < count; ++i)
    squares +=
        std::pow(values[i] - 4 * values[i + 1] + 6 * values[i + 2] - 4 * values[i + 3] + values[i + 4], 2);
  return std::sqrt(squares / 70 / static_cast<double>(count)); // 1 + 16 + 36 + 16 + 1
}

/// Compares, on one rank, every component with differences, to a relative 1e-7 and their rounding. On several
/// ranks, where each evaluation takes long, compares the gradient with that of one rank.
void check(const Hyperparameters& start, const std::set<P>& chosen, std::int64_t folds,
           const LossOptions& options) {
  const auto world = parallel::Communicator::world(), self = parallel::Communicator::self();
  const ProcessGrid grid(world, GridShape{1, world.size()}), alone(self, GridShape{1, 1});
  const Case data(folds);
  const auto problem = data.problem();
  HyperparameterLoss loss(grid, problem, options), loss_alone(alone, problem, options);
  const Variables variables(start, chosen);
  const auto x = variables.pack(start);
  const auto found = loss(variables, x);
  ASSERT_EQ(found.gradient.size(), x.size());
  if (world.size() > 1) {
    const auto expected = loss_alone(variables, x);
    EXPECT_NEAR(found.objective / expected.objective, 1, 1e-9);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double slope = expected.gradient[i];
      EXPECT_NEAR(found.gradient[i], slope, 1e-9 * std::abs(slope) + 1e-12 * found.objective)
          << "variable " << i;
    }
    return;
  }
  EXPECT_NEAR(found.loss / loss_of_predictions(grid, data, start, options.errors.width), 1, 1e-8);
  const auto moved = [&](std::size_t first, std::size_t last, double step) {
    auto y = x;
    for (std::size_t i = first; i < last; ++i)
      y[i] += step;
    return loss(variables, y, false).objective;
  };
  const double step = 1e-3, rounding = rounding_of([&](double s) { return moved(0, x.size(), s); }) / step;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double difference = difference_of([&](double s) { return moved(i, i + 1, s); }, step);
    EXPECT_NEAR(found.gradient[i], difference, 1e-7 * std::abs(difference) + 50 * rounding)
        << "variable " << i;
  }
}

LossOptions small_blocks() {
  LossOptions options;
  options.block = 3;
  return options;
}

class HyperparameterGradient : public testing::TestWithParam<std::tuple<int, int, Normalization>> {};

TEST_P(HyperparameterGradient, IsThatOfDifferencesInEveryParameter) {
  const auto [zeta, body_order, normalization] = GetParam();
  auto options = small_blocks();
  options.regularizer = 0.01;
  check({{spec_of(zeta, body_order, normalization)}, 1e-3}, everything, 2, options);
}

INSTANTIATE_TEST_SUITE_P(All, HyperparameterGradient,
                         testing::Combine(testing::Values(1, 2, 3), testing::Values(2, 3),
                                          testing::Values(Normalization::after, Normalization::before,
                                                          Normalization::off)));

TEST(HyperparameterLoss, HasTheGradientOfManyFoldsAndWithoutACoupling) {
  check({{spec_of(2, 3, Normalization::after, false)}, 1e-2},
        {P::scale, P::exponent, P::rate, P::central_weight, P::width, P::regularization}, 5, small_blocks());
}

class ContractedGradient : public testing::TestWithParam<std::tuple<int, int, Normalization, Contracted>> {};

TEST_P(ContractedGradient, IsThatOfDifferencesWhileTheContractionIsHeldFixed) {
  const auto [zeta, body_order, normalization, method] = GetParam();
  check({{contracted(spec_of(zeta, body_order, normalization), method)}, 1e-3}, everything, 2,
        small_blocks());
}

INSTANTIATE_TEST_SUITE_P(All, ContractedGradient,
                         testing::Combine(testing::Values(1, 2, 3), testing::Values(2, 3),
                                          testing::Values(Normalization::after, Normalization::before),
                                          testing::Values(Contracted::density, Contracted::pca)));

/// The contraction is one of the channels of the elements. No molecule has all of these.
TEST(HyperparameterLoss, HasTheGradientOfAContractionWithoutACoupling) {
  for (const auto method : {Contracted::density, Contracted::pca})
    for (const auto normalization : {Normalization::after, Normalization::off})
      check({{contracted(spec_of(2, 3, normalization, false), method)}, 1e-2},
            {P::scale, P::exponent, P::rate, P::central_weight, P::width, P::regularization}, 3,
            small_blocks());
}

/// A block has more structures than go back through a contraction of rows at once, and one rank has all
/// blocks.
TEST(HyperparameterLoss, HasTheGradientOfABlockThatIsContractedInParts) {
  auto options = small_blocks();
  options.block = 13;
  check({{contracted(spec_of(2, 3, Normalization::after), Contracted::pca)}, 1e-3}, {P::coupling, P::scale},
        2, options);
}

TEST(HyperparameterLoss, HasTheGradientWhereOutliersCountLess) {
  auto options = small_blocks();
  options.errors.width = 0.1;
  check({{spec_of(2, 3, Normalization::after)}, 1e-3}, everything, 3, options);
}

std::set<P> everything_and_weights() {
  auto all = everything;
  all.insert(P::weights);
  return all;
}

TEST(HyperparameterLoss, HasTheGradientOfSeveralKernels) {
  Hyperparameters start{{spec_of(1, 3, Normalization::before), spec_of(2, 2, Normalization::after)}, 1e-3};
  start.kernels[0].weight = 3;
  start.kernels[1].weight = 0.7;
  check(start, everything_and_weights(), 3, small_blocks());
}

/// One kernel has an exponent for which there are no forms, the other one has not.
TEST(HyperparameterLoss, HasTheGradientOfWeightsAtZeta3) {
  Hyperparameters start{{spec_of(3, 3, Normalization::after), spec_of(2, 3, Normalization::off)}, 1e-3};
  start.kernels[0].weight = 2;
  start.kernels[1].weight = 0.4;
  check(start, everything_and_weights(), 2, small_blocks());
}

/// The parts of dL/dK are as large as 1/lambda and nearly cancel. What remains is right to the rounding of K
/// over lambda in both ways, and has the same direction.
TEST(HyperparameterLoss, HasTheSameGradientBothWaysWithLittleRegularization) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, GridShape{1, world.size()});
  const Case data(2);
  const auto problem = data.problem();
  for (const auto normalization : {Normalization::after, Normalization::off}) {
    const Hyperparameters start{{spec_of(2, 3, normalization)}, 1e-9};
    const Variables variables(start, everything);
    const auto x = variables.pack(start);
    auto options = small_blocks();
    options.way = kernel::GradientWay::tiles;
    const auto tiles = HyperparameterLoss(grid, problem, options)(variables, x);
    options.way = kernel::GradientWay::forms;
    const auto forms = HyperparameterLoss(grid, problem, options)(variables, x);
    EXPECT_DOUBLE_EQ(tiles.objective, forms.objective);
    double norm = 0;
    for (const double slope : tiles.gradient)
      norm += slope * slope;
    for (std::size_t i = 0; i < x.size(); ++i)
      EXPECT_NEAR(tiles.gradient[i], forms.gradient[i], 1e-7 * std::sqrt(norm)) << "variable " << i;
  }
}

/// Without memory for densities, features and gradients, which are then computed block by block, the numbers
/// are the same.
TEST(HyperparameterLoss, IsTheSameWhenNothingIsKept) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, GridShape{1, world.size()});
  const Case data(4);
  const auto problem = data.problem();
  const Hyperparameters start{{spec_of(2, 3, Normalization::after)}, 1e-3};
  const Variables variables(start, everything);
  const auto x = variables.pack(start);
  auto options = small_blocks();
  HyperparameterLoss whole(grid, problem, options);
  options.densities = options.features = options.gradients = 0;
  HyperparameterLoss nothing(grid, problem, options);
  const auto a = whole(variables, x), b = nothing(variables, x);
  EXPECT_DOUBLE_EQ(a.objective, b.objective);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(a.gradient[i], b.gradient[i], 1e-12 * std::abs(a.gradient[i]));
}

/// Multiplying u by a number changes nothing where vectors are normalised after the contraction, and nothing
/// else than the scale of K, to which lambda is relative, where they are not.
TEST(HyperparameterLoss, DoesNotKnowTheScaleOfACoupling) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, GridShape{1, world.size()});
  const Case data(2);
  const auto problem = data.problem();
  for (const auto normalization : {Normalization::after, Normalization::before, Normalization::off})
    for (const int zeta : {1, 2}) {
      const Hyperparameters start{{spec_of(zeta, 3, normalization)}, 1e-3};
      const Variables variables(start, {P::coupling});
      const auto x = variables.pack(start);
      HyperparameterLoss loss(grid, problem, small_blocks());
      const auto found = loss(variables, x);
      double along = 0, size = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        along += x[i] * found.gradient[i];
        size += std::abs(x[i] * found.gradient[i]);
      }
      EXPECT_GT(size, 1e-3 * found.loss);
      EXPECT_NEAR(along, 0, 1e-8 * size);
    }
}

/// Optimisations shorten a step that goes so far.
TEST(HyperparameterLoss, HasNoValueWhereAParameterIsOutOfItsRange) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, GridShape{1, world.size()});
  const Case data(2);
  const auto problem = data.problem();
  const Hyperparameters start{{spec_of(2, 3, Normalization::after)}, 1e-3};
  HyperparameterLoss loss(grid, problem, small_blocks());
  for (const auto& [parameter, change] :
       {std::pair(P::scale, -1000.0), std::pair(P::scale, 1000.0), std::pair(P::rate, 1000.0),
        std::pair(P::central_weight, 1000.0), std::pair(P::width, -40.0), std::pair(P::width, 40.0),
        std::pair(P::regularization, 1000.0)}) {
    const Variables variables(start, {parameter});
    const auto x = variables.pack(start);
    EXPECT_THROW(loss(variables, {x[0] + change}), NumericalError) << to_string(parameter);
    EXPECT_GT(loss(variables, x, false).loss, 0);
  }
}

} // namespace
} // namespace soapstone::search
