// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/solver_plan.hpp"

#include "number.hpp"
#include "soapstone/kernel/primal_rows.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/regression/committee.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/regression/kernel_file.hpp"
#include "soapstone/regression/krr.hpp"

#include <algorithm>

namespace soapstone::planning {

using regression::SolverKind;

namespace {

regression::SolverProblem solver_problem(const TrainingProblem& problem, bool dense_fits) {
  regression::SolverProblem posed{problem.train.structures(), {}, dense_fits};
  for (const auto& spec : problem.kernels)
    posed.kernels.push_back({spec.zeta, kernel::feature_layout(spec).total_width()});
  return posed;
}

std::int64_t environments_of(std::span<const structure::Structure> structures) {
  std::int64_t sum = 0;
  for (const auto& structure : structures)
    sum += static_cast<std::int64_t>(structure.size());
  return sum;
}

/// Returns what refining the forms of the model's targets takes.
std::int64_t refinement_work(const TrainingProblem& problem) {
  return regression::refinement_memory(problem.compact_bytes() / (1 + problem.members));
}

/// Predictions for the test set, by the training features or by compact forms.
std::int64_t test_work(const TrainingProblem& problem, std::int64_t block) {
  const auto& limits = kernel::prediction_limits;
  if (const auto compact = problem.compact_bytes(); compact > 0)
    return compact + regression::apply_compact_memory(compact, problem.test.largest_run(limits),
                                                      problem.test.work(limits));
  return prediction_work(problem.test, problem.train.runs(problem.train.blocks_of(block)), problem.columns);
}

MemoryNeed dense_need(const TrainingProblem& problem, const Machine& machine) {
  const auto n = problem.train.structures();
  const auto block = machine.block_size(n);
  auto need = kernel_need(problem.train, nullptr, block, machine.grid);
  need.solve_work +=
      regression::solve_memory(n, problem.targets) + number * n * problem.columns + refinement_work(problem);
  if (problem.members > 0)
    need.solve_work += regression::committee_memory(n, problem.targets, block, machine.grid);
  if (problem.checkpoint)
    need.solve_work = std::max(need.solve_work, regression::lower_triangle_memory(n, block));
  need.predict_work = test_work(problem, block);
  return need;
}

/// Sums what `need`(zeta, width) says of each kernel.
template <typename Need>
std::int64_t sum_over_kernels(const TrainingProblem& problem, Need&& need) {
  std::int64_t sum = 0;
  for (const auto& spec : problem.kernels)
    sum += need(spec.zeta, kernel::feature_layout(spec).total_width());
  return sum;
}

/// Returns what the Gram matrix takes. Rows that lack segments are filled up.
std::int64_t gram_work(const TrainingProblem& problem, std::int64_t columns, std::int64_t block,
                       const Machine& machine) {
  std::int64_t filled = 0;
  for (const auto& spec : problem.kernels) {
    const auto layout = kernel::feature_layout(spec);
    const auto rows = spec.zeta == 1 ? block : problem.train.largest_atoms(problem.train.blocks_of(block));
    if (layout.widths.size() > 1)
      filled = std::max(filled, number * rows * layout.total_width());
  }
  return kernel::gram_memory(problem.train.structures(), block, columns, machine.grid) + filled;
}

/// Returns the bytes of the monitor set's features on a rank.
std::int64_t monitor_share(const TrainingProblem& problem, const Machine& machine) {
  const auto tests = std::max<std::int64_t>(1, problem.test.structures());
  return problem.test.total() / tests * std::min(regression::most_monitored, tests) / machine.ranks;
}

MemoryNeed primal_need(const TrainingProblem& problem, const SolverChoice& choice, const Machine& machine) {
  const auto n = problem.train.structures(), form = problem.form_numbers();
  const auto block = machine.block_size(n);
  const auto columns = sum_over_kernels(problem, kernel::columns_memory);
  MemoryNeed need;
  need.features = problem.train.largest_share(block, machine.grid);
  need.feature_work = problem.train.work(problem.train.blocks_of(block));
  need.again_work = block_again(problem.train, block);
  need.matrix =
      linalg::local_bytes(choice.columns, choice.columns, machine.block_size(choice.columns), machine.grid);
  need.assembly_work = gram_work(problem, choice.columns, block, machine) + columns;
  if (choice.columns < solver_problem(problem, true).primal_unknowns()) // chosen before there is a matrix
    need.assembly_work =
        std::max(need.assembly_work, sum_over_kernels(problem, kernel::choice_memory) - need.matrix);
  if (problem.train.is_cut(problem.train.blocks_of(block))) // the sum over the parts of a structure
    need.assembly_work += number * form;
  need.solve_work = columns + 2 * number * n * problem.targets +
                    regression::iteration_memory(n, form, choice.columns) +
                    (choice.kind == SolverKind::iterative
                         ? monitor_share(problem, machine) + refinement_work(problem)
                         : regression::primal_memory(n, form, choice.columns, problem.targets));
  need.predict_work = test_work(problem, block);
  return need;
}

} // namespace

TrainingProblem::TrainingProblem(const options::Configuration& wanted, std::vector<kernel::KernelSpec> specs,
                                 std::span<const structure::Structure> training,
                                 std::span<const structure::Structure> tests)
    : solver(wanted.solver), kernels(std::move(specs)), train(kernels, training), test(kernels, tests),
      train_environments(environments_of(training)), test_environments(environments_of(tests)),
      targets(static_cast<std::int64_t>(wanted.data.targets.size())), columns(targets),
      members(wanted.solver.committee ? regression::committee_members : 0),
      checkpoint(!wanted.checkpoint.file.empty()) {}

bool TrainingProblem::is_pairwise() const {
  return std::any_of(kernels.begin(), kernels.end(), [](const auto& spec) { return spec.pairwise; });
}

std::int64_t TrainingProblem::width() const {
  return kernel::feature_layout(kernels.front()).total_width();
}

std::int64_t TrainingProblem::form_numbers() const {
  return sum_over_kernels(*this, [](int zeta, std::int64_t d) { return zeta == 1 ? d : d * d; });
}

std::int64_t TrainingProblem::compact_bytes() const {
  const auto bytes = makes_compact && solver.compact != options::Choice::no
                         ? regression::compact_bytes(kernels, targets)
                         : std::nullopt;
  // The members of a committee have forms of their own, whatever they take.
  return bytes && (solver.compact == options::Choice::yes || *bytes <= regression::affordable_compact_bytes)
             ? *bytes * (1 + members)
             : 0;
}

SolverChoice choose_solver_on(const TrainingProblem& problem, const Machine& machine) {
  if (problem.dense_only || problem.is_pairwise())
    return {};
  const auto& options = problem.solver;
  if (problem.members > 0) {
    if (options.kind.value_or(SolverKind::cholesky) != SolverKind::cholesky)
      throw ConfigError(
          "a committee needs the Cholesky solver: `solver` = " + regression::to_string(*options.kind) +
              " has no kernel matrix to train its members with",
          "uncertainty");
    return {};
  }
  const auto posed = solver_problem(problem, dense_need(problem, machine).fits(machine));
  SolverChoice choice{regression::choose_solver(options.kind, posed), 0};
  if (choice.kind == SolverKind::primal)
    choice.columns = posed.primal_unknowns();
  if (choice.kind == SolverKind::iterative) {
    const auto block = machine.block_size(posed.structures);
    const auto spare =
        std::max((machine.memory_per_rank - problem.train.largest_share(block, machine.grid)) / 2,
                 machine.memory_per_rank / 8); // where features are not all kept
    choice.columns = regression::choose_preconditioner_columns(options.preconditioner_columns, posed,
                                                               spare * machine.grid.rows * machine.grid.cols);
  }
  return choice;
}

MemoryNeed training_need(const TrainingProblem& problem, const Machine& machine) {
  return training_need(problem, choose_solver_on(problem, machine), machine);
}

NeedOn training_need_on(const TrainingProblem& problem, const SolverChoice& choice, const Machine& machine) {
  return [&problem, choice, own = machine](const Machine& other) {
    const bool same =
        other.ranks == own.ranks && other.grid.rows == own.grid.rows && other.grid.cols == own.grid.cols;
    return same ? training_need(problem, choice, other) : training_need(problem, other);
  };
}

MemoryNeed training_need(const TrainingProblem& problem, const SolverChoice& choice, const Machine& machine) {
  return choice.kind == SolverKind::cholesky ? dense_need(problem, machine)
                                             : primal_need(problem, choice, machine);
}

} // namespace soapstone::planning
