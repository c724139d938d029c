// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/model_stages.hpp"

#include "training_samples.hpp"

#include <gmock/gmock.h>

namespace soapstone::workflow {
namespace {

using regression::SolverKind;
using testing::DoubleNear;
using testing::Pointwise;

constexpr double lambda = 1e-4;

TrainedModel trained_by(SmallRun& run, const DrawnData& data, SolverKind solver, int zeta,
                        options::Choice compact = options::Choice::no) {
  auto configuration = training_configuration();
  configuration.solver.kind = solver;
  configuration.solver.compact = compact;
  auto start = start_model(run.context.machine, configuration, data, {small_kernel(zeta)});
  const planning::TrainingProblem problem(configuration, start.kernels, data.train.structures,
                                          data.test.structures);
  const auto plan = plan_solver(run.context, problem, lambda);
  LazyFeatures features([&, block = start.block] {
    return run_features(run.context, problem.kernels, data.train.structures, block, plan.memory.features);
  });
  return train_model(run.context, data, features, plan, std::move(start));
}

std::vector<double> energies_per_atom(const formats::DataSet& data) {
  std::vector<double> values;
  for (std::size_t s = 0; s < data.size(); ++s)
    values.push_back(data.targets[0][s] / static_cast<double>(data.structures[s].size()));
  return values;
}

/// Normalised environments have a kernel of 1 with themselves; that of structures with themselves is less.
TEST(SolveStage, solutions_satisfy_the_equation) {
  SmallRun run;
  const auto data = chains_to_learn_from();
  const auto targets = energies_per_atom(data.train);
  for (const int zeta : {1, 2})
    for (const auto solver : {SolverKind::cholesky, SolverKind::primal, SolverKind::iterative}) {
      const auto trained = trained_by(run, data, solver, zeta);
      EXPECT_GT(trained.model.lambda, 0.1 * lambda);
      EXPECT_LE(trained.model.lambda, lambda * (1 + 1e-12));
      std::vector<double> sum(targets.size()); // K x + lambda x
      for (std::size_t s = 0; s < sum.size(); ++s)
        sum[s] = trained.fitted[s] + trained.model.lambda * trained.model.coefficients[s];
      EXPECT_THAT(sum, Pointwise(DoubleNear(1e-9), targets))
          << regression::to_string(solver) << " zeta " << zeta;
    }
}

TEST(SolveStage, solvers_agree_on_predictions) {
  SmallRun run;
  const auto data = chains_to_learn_from();
  std::vector<double> first;
  for (const auto solver : {SolverKind::cholesky, SolverKind::primal, SolverKind::iterative})
    for (const auto compact : {options::Choice::no, options::Choice::yes}) {
      const auto model = trained_by(run, data, solver, 2, compact).model;
      EXPECT_EQ(model.compact.size(), compact == options::Choice::yes ? 1U : 0U);
      LazyFeatures features([&] {
        return run_features(run.context, model.kernels, model.training, model.block, std::int64_t{1} << 30);
      });
      const auto energies = predict_test(run.stages, data, features, model).energies.at(0);
      if (first.empty())
        first = energies;
      EXPECT_THAT(energies, Pointwise(DoubleNear(1e-7), first)) << regression::to_string(solver);
      EXPECT_THAT(energies, Pointwise(DoubleNear(0.2), data.test.targets[0]));
    }
}

TEST(SolveStage, a_record_has_what_the_solver_has) {
  SmallRun run;
  const auto data = chains_to_learn_from();
  const auto dense = trained_by(run, data, SolverKind::cholesky, 1).record;
  EXPECT_EQ(dense.solver, SolverKind::cholesky);
  EXPECT_EQ(dense.unknowns, 24);
  EXPECT_TRUE(dense.backward_error);
  EXPECT_FALSE(dense.residual || dense.residual_before_refinement || dense.preconditioner_columns);
  EXPECT_TRUE(dense.targets.empty());
  const auto primal = trained_by(run, data, SolverKind::primal, 1).record;
  EXPECT_EQ(primal.unknowns, kernel::feature_layout(small_kernel(1)).total_width());
  EXPECT_TRUE(primal.backward_error && primal.residual && primal.residual_before_refinement);
  ASSERT_EQ(primal.targets.size(), 1U);
  const auto iterative = trained_by(run, data, SolverKind::iterative, 1).record;
  EXPECT_FALSE(iterative.unknowns || iterative.backward_error || iterative.residual_before_refinement);
  EXPECT_TRUE(iterative.preconditioner_columns && iterative.residual);
  ASSERT_EQ(iterative.targets.size(), 1U);
  EXPECT_EQ(iterative.targets[0].name, "energy");
  EXPECT_TRUE(iterative.targets[0].converged);
  EXPECT_EQ(iterative.targets[0].residual, iterative.residual);
  EXPECT_FALSE(iterative.targets[0].history.empty());
}

TEST(SolveStage, stages_come_in_order) {
  SmallRun run;
  trained_by(run, chains_to_learn_from(), SolverKind::cholesky, 2, options::Choice::yes);
  EXPECT_THAT(run.log.stages, testing::ElementsAre("features", "kernel", "cholesky", "solve", "compact"));
  EXPECT_EQ(run.log.lines.front(), "solver: Cholesky factorisation of the kernel matrix");
  EXPECT_TRUE(run.log.warnings.empty());
}

TEST(LazyFeatures, are_computed_once_and_when_they_are_asked_for) {
  SmallRun run;
  const auto data = chains(3);
  int computed = 0;
  LazyFeatures features([&] {
    ++computed;
    return run_features(run.context, {small_kernel(1)}, data.structures, 8, std::int64_t{1} << 20);
  });
  EXPECT_EQ(computed, 0);
  const auto* first = &features.get();
  EXPECT_EQ(&features.get(), first);
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(features.get().structures(), 3);
  features.release();
  EXPECT_EQ(features.get().structures(), 3);
  EXPECT_EQ(computed, 2);
}

} // namespace
} // namespace soapstone::workflow
