// SPDX-License-Identifier: BSD-3-Clause
// Cross-validation without the program.
#include "soapstone/workflow/evaluation.hpp"

#include "evaluation_samples.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/workflow/kept_kernels.hpp"
#include "soapstone/workflow/weight_optimization.hpp"

namespace soapstone::workflow {
namespace {

using regression::ValidationMethod;
using testing::Contains;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;

constexpr double rounding = 1e-8; // eV

TEST_F(EvaluationTest, set_is_ordered_by_fold_and_known_in_the_input) {
  const auto all = zigzags(11);
  auto configuration = small_evaluation();
  configuration.data.test = 2;
  const auto set = draw_evaluation_set(all, configuration);
  ASSERT_EQ(set.data.size(), 9U);
  EXPECT_EQ(set.folds.count(), 3);
  EXPECT_THAT(set.elements, ElementsAre(1, 8));
  EXPECT_EQ(set.counted(), 9);
  for (std::size_t s = 0; s < set.data.size(); ++s)
    EXPECT_EQ(set.data.structures[s], all.structures[static_cast<std::size_t>(set.positions[s])]);
}

TEST_F(EvaluationTest, both_methods_hold_out_the_same) {
  const auto all = zigzags(12);
  auto configuration = small_evaluation();
  configuration.regularizations = {1e-3, 1e-6};
  configuration.validation.method = ValidationMethod::inverse;
  const auto inverse = evaluate_set(context, all, configuration);
  configuration.validation.method = ValidationMethod::eigen;
  const auto eigen = evaluate_set(context, all, configuration);
  EXPECT_EQ(inverse.method, ValidationMethod::inverse);
  EXPECT_EQ(eigen.method, ValidationMethod::eigen);
  ASSERT_EQ(inverse.scanned.size(), 2U);
  EXPECT_EQ(inverse.best, eigen.best);
  EXPECT_THAT(inverse.predictions.at(0), Pointwise(DoubleNear(rounding), eigen.predictions.at(0)));
  EXPECT_THAT(log.stages, ElementsAre("features", "kernel", "cross-validation", "features", "kernel",
                                      "cross-validation"));
  EXPECT_THAT(log.lines, Contains(HasSubstr("cross-validation of 12 structures")));
}

TEST_F(EvaluationTest, failures_are_told_when_they_are_asked_for) {
  auto all = zigzags(9);
  all.structures[4] = all.structures[1]; // singular without regularisation
  auto configuration = small_evaluation();
  configuration.regularizations = {-1e-2, 1e-4};
  const auto result = evaluate_set(context, all, configuration);
  EXPECT_THAT(log.warnings, testing::Each(testing::Not(HasSubstr("regularization"))));
  EXPECT_FALSE(result.scanned[0].failure.empty());
  EXPECT_EQ(result.best, 1U);
  describe_result(log, result);
  EXPECT_THAT(log.warnings, Contains(testing::StartsWith("regularization -0.01: ")));
  EXPECT_THAT(log.lines.back(), testing::StartsWith("regularization 0.0001: backward error"));
}

TEST_F(EvaluationTest, refuses_what_does_not_fit) {
  Context small = context;
  small.machine.memory_per_rank = 1000;
  EXPECT_THROW(evaluate_set(small, zigzags(9), small_evaluation()), ResourceError);
  EXPECT_THAT(log.stages, IsEmpty());
}

TEST_F(EvaluationTest, kept_kernels_give_the_same_as_new_ones) {
  const auto all = zigzags(12);
  KeptKernels kept;
  for (const double weight : {1.0, 7.0}) {
    auto configuration = small_evaluation({small_kernel(1, 1), small_kernel(2, 2)});
    configuration.kernels[1].weight = weight;
    const auto found = kept.evaluate(context, all, configuration, "same features");
    const auto anew = evaluate_set(context, all, configuration);
    EXPECT_THAT(found.predictions.at(0), Pointwise(DoubleNear(rounding), anew.predictions.at(0))) << weight;
  }
  EXPECT_EQ(kept.assembled(), 2);
  kept.evaluate(context, all, small_evaluation({small_kernel(1, 1), small_kernel(2, 2)}), "other features");
  EXPECT_EQ(kept.assembled(), 4);
}

/// Changes the keys that an optimisation of weights finds.
options::Configuration with_weights(const options::Configuration& base,
                                    const std::vector<options::Assignment>& changes) {
  auto changed = base;
  for (const auto& change : changes)
    if (change.key == "regression.regularization")
      changed.regularizations = {changed.regularization = std::stod(change.value)};
    else
      for (auto& kernel : changed.kernels)
        if (change.key == "kernel." + std::to_string(kernel.number) + ".weight")
          kernel.weight = std::stod(change.value);
  return changed;
}

TEST_F(EvaluationTest, optimised_weights_are_those_of_the_configuration_found) {
  const auto all = zigzags(12);
  auto configuration = small_evaluation({small_kernel(2, 1), small_kernel(5, 2)});
  configuration.validation.optimize_weights = true;
  const auto found = optimize_evaluation(context, all, configuration, with_weights);
  EXPECT_THAT(found.numbers, ElementsAre(2, 5));
  EXPECT_LE(found.path.loss, found.path.loss_before);
  EXPECT_NEAR(found.share(0) + found.share(1), 1, 1e-12);
  for (std::size_t k = 0; k < 2; ++k)
    EXPECT_NEAR(found.configuration.kernels[k].weight, found.weights[k], 1e-9 * found.weights[k]);
  const auto again = evaluate_set(context, all, found.configuration);
  EXPECT_NEAR(again.winner().errors.front().rmse, found.after.winner().errors.front().rmse, 1e-6);
}

} // namespace
} // namespace soapstone::workflow
