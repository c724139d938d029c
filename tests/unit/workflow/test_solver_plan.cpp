// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/solver_plan.hpp"
#include "soapstone/workflow/coupling_stage.hpp"

#include "soapstone/base/error.hpp"
#include "training_samples.hpp"

#include <gtest/gtest.h>

namespace soapstone::planning {
namespace {

using regression::SolverKind;

Machine machine_with(std::int64_t memory, int ranks = 1) {
  Machine machine;
  machine.ranks = ranks;
  machine.grid = linalg::choose_grid(ranks);
  machine.memory_per_rank = memory;
  return machine;
}

TEST(SolverPlan, takes_the_smaller_system_or_what_is_wanted) {
  const auto data = chains(400);
  auto configuration = training_configuration();
  const auto choice = [&](int zeta) {
    return choose_solver_on({configuration, {small_kernel(zeta)}, data.structures, {}},
                            machine_with(1 << 30));
  };
  const auto width = kernel::feature_layout(small_kernel(1)).total_width();
  EXPECT_EQ(choice(1).kind, SolverKind::primal);
  EXPECT_EQ(choice(1).columns, width);
  EXPECT_EQ(choice(3).kind, SolverKind::cholesky);
  configuration.solver.kind = SolverKind::iterative;
  configuration.solver.preconditioner_columns = 7;
  EXPECT_EQ(choice(2).kind, SolverKind::iterative);
  EXPECT_EQ(choice(2).columns, 7);
  EXPECT_THROW(choice(3), ConfigError);
  configuration.solver.committee = true;
  EXPECT_THROW(choice(1), ConfigError);
  configuration.solver.kind = std::nullopt;
  EXPECT_EQ(choice(1).kind, SolverKind::cholesky);
}

TEST(SolverPlan, needs_are_those_of_the_chosen_solver) {
  const auto data = chains(400);
  const TrainingProblem problem(training_configuration(), {small_kernel(1)}, data.structures, {});
  const auto machine = machine_with(1 << 30), more = machine_with(1 << 30, 4);
  const SolverChoice dense;
  const auto need = training_need_on(problem, dense, machine);
  EXPECT_EQ(need(machine).matrix, training_need(problem, dense, machine).matrix);
  EXPECT_GT(need(machine).matrix, training_need(problem, machine).matrix); // which is that of primal
  EXPECT_EQ(need(more).matrix, training_need(problem, more).matrix);       // others choose for themselves
}

TEST(SolverPlan, compact_forms_are_made_where_they_are_wanted) {
  const auto data = chains(4);
  auto configuration = training_configuration();
  const auto bytes = [&](int zeta) {
    return TrainingProblem(configuration, {small_kernel(zeta)}, data.structures, {}).compact_bytes();
  };
  EXPECT_GT(bytes(2), 0);
  EXPECT_EQ(bytes(3), 0);
  configuration.solver.compact = options::Choice::no;
  EXPECT_EQ(bytes(2), 0);
}

/// Two channels of two elements.
kernel::KernelSpec coupled() {
  auto spec = small_kernel(2);
  options::SpeciesOptions options;
  options.coupling = options::CouplingKind::gaussian;
  spec.coupling = workflow::species_coupling(parallel::Communicator::self(), options, spec.elements);
  return spec;
}

bool is_pairwise(const options::Configuration& configuration) {
  const auto data = chains(4);
  std::vector<kernel::KernelSpec> kernels{coupled()};
  workflow::choose_forms(machine_with(1 << 30), configuration, data.structures, kernels);
  return kernels.front().pairwise;
}

TEST(ChooseForms, takes_the_wanted_form_unless_something_needs_features) {
  auto configuration = training_configuration();
  configuration.kernels.resize(1);
  auto& form = configuration.kernels[0].species.form;
  form = options::CouplingForm::channels;
  EXPECT_FALSE(is_pairwise(configuration));
  form = options::CouplingForm::pairwise;
  EXPECT_TRUE(is_pairwise(configuration));
  configuration.solver.compact = options::Choice::yes;
  EXPECT_THROW(is_pairwise(configuration), ConfigError);
  configuration.command = options::Command::evaluate;
  EXPECT_TRUE(is_pairwise(configuration));
  configuration.command = options::Command::features;
  EXPECT_THROW(is_pairwise(configuration), ConfigError);
}

TEST(SpeciesCoupling, is_none_where_none_is_wanted) {
  EXPECT_EQ(workflow::species_coupling(parallel::Communicator::self(), {}, {1, 6}), nullptr);
  EXPECT_EQ(coupled().coupling->channels(), 2);
}

} // namespace
} // namespace soapstone::planning
