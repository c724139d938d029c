// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/commands/plan_parts.hpp"

#include "soapstone/base/memory.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/report/plan_report.hpp"
#include "soapstone/workflow/evaluation_set.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

namespace soapstone::commands {

using Structures = std::span<const structure::Structure>;

namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

/// This run's ranks, or those of plan.*: nodes like this one unless something else is said.
planning::Machine planned_machine(const Session& session, std::int64_t program) {
  auto machine = session.machine();
  const auto& wanted = session.configuration().plan;
  if (!wanted.ranks && !wanted.ranks_per_node && wanted.memory_per_node_gib <= 0)
    return machine;
  machine.node_memory = wanted.memory_per_node_gib > 0
                            ? static_cast<std::int64_t>(wanted.memory_per_node_gib * gib)
                            : machine.memory_per_rank * machine.ranks_per_node;
  machine.program = program;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  machine.most_per_node = wanted.ranks_per_node.value_or(cores);
  machine = machine.with_ranks(wanted.ranks.value_or(machine.ranks));
  if (const auto& grid = session.configuration().parallel.grid; grid != "auto")
    machine.grid = linalg::parse_grid(grid, machine.ranks);
  return machine;
}

/// The stages that have run already, reading and contraction, with the most memory there was till now.
void add_finished_stages(Session& session, planning::RunPlan& plan) {
  const auto peak = parallel::all_reduce(session.comm(), peak_memory_bytes(), MPI_MAX);
  for (const auto& stage : session.stages().summarize())
    plan.stages.push_back({stage.name, stage.max, peak});
}

/// The part of some structures that rank 0 looks at to fit contractions.
double sampled_part(const options::Configuration& configuration, std::size_t structures) {
  double most = 0;
  for (const auto& kernel : configuration.kernels)
    if (kernel.contraction)
      most = std::max(most, static_cast<double>(kernel.contraction->sample.structures) /
                                static_cast<double>(std::max<std::size_t>(1, structures)));
  return std::min(1.0, most);
}

/// Adds what the points of a search share, within the memory set aside for it: a rank's own, and on rank 0
/// those of others in its sample.
void add_sharing(std::int64_t bytes, double sampled, planning::RunPlan& plan) {
  if (bytes == 0)
    return;
  const auto aside = plan.machine.memory_per_rank / planning::part_for_sharing;
  const double own = 1.0 / plan.machine.ranks;
  plan.machine.memory_per_rank -= aside;
  plan.program +=
      std::min(aside, static_cast<std::int64_t>((own + (1 - own) * sampled) * static_cast<double>(bytes)));
}

} // namespace

formats::DataSet load_planned(Session& session, const options::Configuration& configuration) {
  using formats::Presence;
  return workflow::load_data(session.stages(), configuration.data,
                             configuration.dry_run ? Presence::required : Presence::optional);
}

planning::RunPlan start_plan(Session& session) {
  planning::RunPlan plan;
  plan.command = options::purpose_of(session.configuration());
  plan.program = parallel::all_reduce(session.comm(), current_memory_bytes(), MPI_MAX);
  plan.machine = planned_machine(session, plan.program);
  add_finished_stages(session, plan);
  return plan;
}

planning::Rates measure_rates(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                              Structures structures) {
  return session.stages().run("calibration", [&](const Progress&) {
    return planning::calibrate(session.comm(), session.machine(), kernels, structures);
  });
}

int conclude_plan(Session& session, const planning::RunPlan& plan, const planning::Rates& rates,
                  const report::Json& details, const planning::NeedOn& need) {
  parallel::agree(session.comm(), [&] {
    if (session.root())
      report::print_result(report::plan_table(plan));
  });
  auto json = report::plan_json(plan);
  json.update(details);
  json["calibration"] = report::rates_json(rates);
  finish(session, report::Json{{"plan", std::move(json)}}, {});
  planning::check_memory(need, plan.machine);
  return 0;
}

int plan_models(Session& session, planning::TrainingProblem problem, const workflow::DrawnData& data,
                int models) {
  auto plan = start_plan(session);
  if (planning::choose_solver_on(problem, plan.machine).kind != regression::SolverKind::cholesky)
    problem.makes_compact = true; // of a learning curve too
  const auto rates = measure_rates(session, problem.kernels, data.train.structures);
  planning::plan_training(problem, rates, models, plan);
  return conclude_plan(
      session, plan, rates,
      {{"n_train", data.train.size()}, {"n_test", data.test.size()}, {"features", problem.width()}},
      [&](const planning::Machine& machine) { return planning::training_need(problem, machine); });
}

int plan_evaluations(Session& session, const formats::DataSet& all, const workflow::SearchPlan* search) {
  const auto& configuration = session.configuration();
  const auto points = search != nullptr ? search->search.planned() : 1;
  const auto set = workflow::draw_evaluation_set(all, configuration);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, set.elements, set.data.structures);
  const planning::EvaluationProblem problem(configuration, kernels, set.data.structures, set.folds);
  auto plan = start_plan(session);
  if (search != nullptr)
    add_sharing(planning::shared_bytes(configuration.kernels, search->grid, set.data.structures),
                sampled_part(configuration, set.data.size()), plan);
  const auto rates = measure_rates(session, kernels, set.data.structures);
  const auto before = plan.stages.size();
  planning::plan_evaluation(problem, rates, plan);
  for (auto stage = before; stage < plan.stages.size(); ++stage)
    plan.stages[stage].seconds *= static_cast<double>(points);
  return conclude_plan(
      session, plan, rates,
      {{"points", points},
       {"n_train", set.data.size()},
       {"n_folds", set.folds.count()},
       {"features", problem.training.width()}},
      [&](const planning::Machine& machine) { return planning::evaluation_need(problem, machine); });
}

double environments_of(Structures structures) {
  double sum = 0;
  for (const auto& structure : structures)
    sum += static_cast<double>(structure.size());
  return sum;
}

int plan_features_and_pairs(Session& session, const std::vector<kernel::KernelSpec>& kernels,
                            Structures sample, double environments, double pairs,
                            const planning::NeedOn& need) {
  auto plan = start_plan(session);
  const auto rates = measure_rates(session, kernels, sample);
  plan.need = need(plan.machine).within(plan.machine.memory_per_rank);
  const double ranks = plan.machine.ranks;
  plan.stages.push_back({"features", rates.setup_seconds + environments * rates.environment_seconds / ranks,
                         plan.program + plan.need.computing_features()});
  if (plan.need.matrix > 0)
    plan.stages.push_back(
        {"kernel", pairs * rates.pair_seconds / ranks,
         plan.program + plan.need.assembling(planning::memory_budget(plan.need, plan.machine).rows)});
  if (plan.need.predict_work > 0)
    plan.stages.push_back(
        {"predict", pairs * rates.pair_seconds / ranks, plan.program + plan.need.predicting()});
  plan.stages.push_back({"write", 0, plan.program + plan.need.solving()});
  return conclude_plan(session, plan, rates, report::Json::object(), need);
}

} // namespace soapstone::commands
