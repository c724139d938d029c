// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/memory.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/planning/learning_curve_setup.hpp"
#include "soapstone/planning/optimize_plan.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/report/plan_report.hpp"
#include "soapstone/workflow/evaluation_set.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/load_model.hpp"
#include "soapstone/workflow/search_plan.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
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

/// Shows the plan, writes the report, and refuses what does not fit.
int conclude(Session& session, const planning::RunPlan& plan, report::Json json,
             const planning::NeedOn& need) {
  parallel::agree(session.comm(), [&] {
    if (session.root())
      report::print_result(report::plan_table(plan));
  });
  finish(session, report::Json{{"plan", std::move(json)}}, {});
  planning::check_memory(need, plan.machine);
  return 0;
}

/// The data of a command that learns. A dry run wants the targets that the run will want; `plan` takes
/// structures alone.
structure::DataSet load_planned(Session& session, const options::Configuration& configuration) {
  using structure::Presence;
  return workflow::load_data(session.stages(), configuration.data,
                             configuration.dry_run ? Presence::required : Presence::optional);
}

/// train, learning-curve, and other commands that train models.
int plan_model(Session& session) {
  const auto& configuration = session.configuration();
  const auto all = load_planned(session, configuration);
  const bool curve = options::purpose_of(configuration) == options::Command::learning_curve;
  const auto sizes = curve ? planning::curve_sizes(configuration, all.size()) : std::vector<std::int64_t>{};
  auto data = workflow::draw_from(session.stages(), configuration, all,
                                  curve ? sizes.back() : configuration.data.train);
  if (!curve) // as train does; a learning curve takes them in random order
    data.train = workflow::ordered_for_training(configuration, data.train);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, data.elements, data.train.structures);
  auto problem =
      curve ? planning::curve_problem(configuration, kernels, data.train.structures, data.test.structures,
                                      sizes.size())
            : planning::TrainingProblem(configuration, kernels, data.train.structures, data.test.structures);
  auto plan = start_plan(session);
  if (planning::choose_solver_on(problem, plan.machine).kind != regression::SolverKind::cholesky)
    problem.makes_compact = true; // of a curve too
  const auto rates = measure_rates(session, kernels, data.train.structures);
  planning::plan_training(problem, rates, curve ? configuration.curve.repeats : 1, plan);
  auto json = report::plan_json(plan);
  json["n_train"] = data.train.size();
  json["n_test"] = data.test.size();
  json["features"] = problem.width();
  json["calibration"] = report::rates_json(rates);
  return conclude(session, plan, std::move(json), [&](const planning::Machine& machine) {
    return planning::training_need(problem, machine);
  });
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

/// evaluate, and search as so many evaluations of its first point, one after the other on all ranks.
int plan_evaluate(Session& session) {
  const auto& configuration = session.configuration();
  const auto all = load_planned(session, configuration);
  std::optional<workflow::SearchPlan> search;
  if (options::purpose_of(configuration) == options::Command::search)
    search = workflow::plan_search(configuration, static_cast<std::int64_t>(all.size()));
  const auto points = search ? search->search.planned() : 1;
  const auto set = workflow::draw_evaluation_set(all, configuration);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, set.elements, set.data.structures);
  const planning::EvaluationProblem problem(configuration, kernels, set.data.structures, set.folds);
  auto plan = start_plan(session);
  if (search)
    add_sharing(planning::shared_bytes(configuration.kernels, search->grid, set.data.structures),
                sampled_part(configuration, set.data.size()), plan);
  const auto rates = measure_rates(session, kernels, set.data.structures);
  const auto before = plan.stages.size();
  planning::plan_evaluation(problem, rates, plan);
  for (auto stage = before; stage < plan.stages.size(); ++stage)
    plan.stages[stage].seconds *= static_cast<double>(points);
  auto json = report::plan_json(plan);
  json["points"] = points;
  json["n_train"] = set.data.size();
  json["n_folds"] = set.folds.count();
  json["features"] = problem.training.width();
  json["calibration"] = report::rates_json(rates);
  return conclude(session, plan, std::move(json), [&](const planning::Machine& machine) {
    return planning::evaluation_need(problem, machine);
  });
}

int plan_optimize(Session& session) {
  const auto configuration = planning::optimized_configuration(session.configuration());
  const auto all = load_planned(session, configuration);
  const auto set = workflow::draw_evaluation_set(all, configuration);
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, set.elements, set.data.structures);
  const search::Hyperparameters start{kernels, configuration.regularization};
  const search::Variables variables(start,
                                    configuration.optimize.parameters); // refuses what `optimize` refuses
  const planning::OptimizationProblem problem(configuration, kernels, set.data.structures, set.folds);
  auto plan = start_plan(session);
  const auto rates = measure_rates(session, kernels, set.data.structures);
  planning::plan_optimization(problem, rates, plan);
  auto json = report::plan_json(plan);
  json["n_train"] = set.data.size();
  json["n_folds"] = set.folds.count();
  json["variables"] = variables.pack(start).size();
  json["iterations"] = configuration.optimize.iterations;
  json["calibration"] = report::rates_json(rates);
  return conclude(session, plan, std::move(json), [&](const planning::Machine& machine) {
    return planning::optimization_need(problem, machine);
  });
}

double environments_of(Structures structures) {
  double sum = 0;
  for (const auto& structure : structures)
    sum += static_cast<double>(structure.size());
  return sum;
}

/// Plans of commands with features, maybe products of `pairs` structures, and one more stage.
int plan_simple(Session& session, const std::vector<kernel::KernelSpec>& kernels, Structures sample,
                double environments, double pairs, const planning::NeedOn& need) {
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
  auto json = report::plan_json(plan);
  json["calibration"] = report::rates_json(rates);
  return conclude(session, plan, std::move(json), need);
}

int plan_kernel(Session& session) {
  const auto& configuration = session.configuration();
  const auto data = workflow::load_data(session.stages(), configuration.data, structure::Presence::optional);
  structure::DataSet against;
  if (!configuration.against.empty())
    against = workflow::load_data(session.stages(), {configuration.against, configuration.data.source.format},
                                  configuration.data.targets, structure::Presence::optional);
  auto present = workflow::elements_of(data.structures);
  for (const int z : workflow::elements_of(against.structures))
    present.push_back(z);
  std::sort(present.begin(), present.end());
  present.erase(std::unique(present.begin(), present.end()), present.end());
  const auto kernels = workflow::kernel_specs(
      session.context(), configuration, workflow::channels_for(configuration, present), data.structures);
  const auto n = static_cast<double>(data.size()), m = static_cast<double>(against.size());
  return plan_simple(session, kernels, data.structures,
                     environments_of(data.structures) + environments_of(against.structures),
                     against.size() == 0 ? n * (n + 1) / 2 : n * m,
                     planning::kernel_command_need(kernels, data.structures, against.structures));
}

int plan_features(Session& session) {
  const auto& configuration = session.configuration();
  const auto data = workflow::load_data(session.stages(), configuration.data, structure::Presence::optional);
  const auto spec = workflow::environment_spec(session.context(), configuration, data.structures);
  return plan_simple(session, {spec}, data.structures, environments_of(data.structures), 0,
                     planning::features_command_need(spec, data.structures));
}

int plan_prediction(Session& session) {
  const auto model = workflow::load_model(session.stages(), session.configuration().model);
  auto data =
      workflow::load_data(session.stages(), session.configuration().data, structure::Presence::optional);
  std::vector<int> strangers;
  data = structure::subset(data, workflow::with_known_elements(data.structures, model.elements(), strangers));
  if (data.size() == 0)
    throw DataError("every structure contains elements that the model does not know");
  const bool compact = !model.compact.empty();
  const double environments =
      environments_of(data.structures) + (compact ? 0.0 : environments_of(model.training));
  const double pairs =
      compact ? 0.0 : static_cast<double>(data.size()) * static_cast<double>(model.training.size());
  return plan_simple(session, model.kernels, data.structures, environments, pairs,
                     planning::predict_command_need(model, data.structures));
}

} // namespace

int plan(Session& session) {
  require_outputs(session, "");
  switch (options::purpose_of(session.configuration())) {
  case options::Command::evaluate:
  case options::Command::search:
    return plan_evaluate(session);
  case options::Command::optimize:
    return plan_optimize(session);
  case options::Command::kernel:
    return plan_kernel(session);
  case options::Command::features:
    return plan_features(session);
  case options::Command::predict:
    return plan_prediction(session);
  default:
    return plan_model(session);
  }
}

} // namespace soapstone::commands
