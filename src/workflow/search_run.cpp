// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/search_run.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/evaluation_plan.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/workflow/data_summary.hpp"
#include "soapstone/workflow/search_identity.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace soapstone::workflow {

using search::Record;
using search::Task;

namespace {

// A point is durable when its group has written its part; the one file that holds all parts follows as often
// as this while points finish.
constexpr double save_interval = 2; // seconds
constexpr double show_interval = 1;

/// Hears the stages of a group, of which only warnings are worth telling.
class QuietLog : public Log {
public:
  void line(const std::string&) override {}
  void warn(const std::string& text) override {
    if (std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end())
      warnings_.push_back(text);
  }
  void progress(const std::string&, double, double, const Amount&) override {}
  void stage_ended(const std::string&, bool, double, const Amount&) override {}
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  std::vector<std::string> warnings_;
};

/// The ranks of a group with a process grid of their own. Both communicator and log outlive it.
struct Group {
  Group(const Context& whole, const parallel::Communicator& comm, Log& log,
        const options::ParallelOptions& options)
      : stages(comm, log),
        grid(comm, planning::wanted_grid(options, comm.size())), context{stages, grid, whole.machine,
                                                                         whole.environments} {
    context.machine.ranks = comm.size();
    context.machine.grid = grid.shape();
  }
  Stages stages;
  linalg::ProcessGrid grid;
  Context context;
};

bool is_worth_another_try(const Record& record) {
  return record.code == static_cast<int>(ExitCode::resources); // this run may have more
}

} // namespace

SearchRun::SearchRun(const Context& context, SearchInputs inputs, const formats::DataSet& all)
    : context_(context), inputs_(std::move(inputs)), all_(all),
      plan_(plan_search(inputs_.configuration, static_cast<std::int64_t>(all.size()))) {
  auto& identity = plan_.search.identity;
  identity = search_identity(inputs_.keys, inputs_.configuration.kernels, all);
  identity["columns"] = std::to_string(plan_.search.columns.size()); // records of others do not fit
  share_environments();
  const auto& stages = context_.stages;
  stages.line("read " + describe_sizes(all.structures));
  describe_targets(stages, inputs_.configuration, all);
  warn_of_copies(stages, all);
  layout_ = choose_layout(); // comes first, since a refusal must leave no checkpoint
  open_checkpoint();
  queue_ = std::make_unique<search::WorkQueue>(context_.comm(), layout_);
  stages.line("search of " + format_count(plan_.search.planned(), "point") + " x " +
              format_count(static_cast<std::int64_t>(plan_.search.rows.size()), "regularisation") + ", " +
              format_count(layout_.groups, "group") + " of " + format_count(layout_.ranks_per_group, "rank") +
              "; checkpoint " + inputs_.checkpoint);
  if (const int idle = context_.comm().size() - layout_.groups * layout_.ranks_per_group; idle > 0)
    stages.warn(format("%d of %d ranks are idle, because the others form %d groups of %d", idle,
                       context_.comm().size(), layout_.groups, layout_.ranks_per_group));
}

/// Takes their memory out of the machine's.
void SearchRun::share_environments() {
  const auto shared = planning::what_points_share(plan_.grid);
  if (!shared.densities && !shared.neighbours)
    return;
  const auto memory = context_.machine.memory_per_rank / planning::part_for_sharing;
  context_.environments = std::make_shared<features::EnvironmentStore>(shared, memory);
  context_.machine.memory_per_rank -= memory;
}

void SearchRun::open_checkpoint() {
  std::vector<std::string> warnings;
  parallel::agree(context_.comm(), [&] {
    if (!context_.stages.root())
      return;
    store_ = std::make_unique<search::CheckpointStore>(inputs_.checkpoint);
    plan_.search.owner = search::job_name();
    store_->begin(plan_.search, warnings);
    if (!store_->locked())
      warnings.push_back("the file system of " + inputs_.checkpoint +
                         " does not support locks: make sure that no second job uses this checkpoint");
  });
  for (const auto& warning : warnings)
    context_.stages.warn(warning);
  share_records();
  if (const auto known = plan_.search.records.size(); known > 0)
    context_.stages.line(format("finished points in the checkpoint: %zu", known));
}

/// Rank 0's records to all.
void SearchRun::share_records() {
  std::string bytes;
  if (context_.stages.root())
    for (const auto& [task, record] : plan_.search.records)
      bytes += search::pack(record);
  parallel::broadcast(context_.comm(), bytes);
  for (std::string_view rest = bytes; !rest.empty();) {
    auto record = search::unpack(rest);
    plan_.search.records[record.task] = std::move(record);
  }
}

std::vector<Task> SearchRun::tasks_of_rung(std::size_t rung) const {
  std::vector<Task> tasks;
  for (const auto point : points_of_rung(plan_, rung)) {
    const Task task{static_cast<std::int64_t>(rung), point};
    const auto known = plan_.search.records.find(task);
    if (known == plan_.search.records.end() || is_worth_another_try(known->second))
      tasks.push_back(task);
  }
  return tasks;
}

bool SearchRun::run() {
  const Stopwatch watch;
  QuietLog quiet;
  std::optional<Group> group;
  if (!queue_->group().is_null()) {
    group.emplace(context_, queue_->group(), quiet, inputs_.configuration.parallel);
    group->stages.watch([&] { queue_->check_stop(); }, [&] { queue_->poll(); });
  }
  bool all_done = true;
  for (std::size_t rung = 0; rung < plan_.search.rungs.size() && all_done; ++rung)
    all_done = run_rung(group ? &group->context : nullptr, rung);
  for (const auto& warning : quiet.warnings())
    context_.stages.warn(warning);
  save(all_done ? "finished" : "stopped");
  seconds_ = watch.seconds();
  return all_done;
}

bool SearchRun::run_rung(const Context* group, std::size_t rung) {
  const auto tasks = tasks_of_rung(rung);
  done_ = 0;
  to_do_ = static_cast<std::int64_t>(tasks.size());
  since_start_.restart();
  const bool all_done = queue_->run(
      tasks, {[&](const Task& task) { return evaluate(*group, task); },
              [&](const Record& record) { search::add_part(inputs_.checkpoint, plan_.search, record); },
              [&](const std::vector<Record>& records) { take(records); }});
  share_records();
  return all_done;
}

Record SearchRun::evaluate(const Context& group, const Task& task) {
  const auto configuration = configuration_of(inputs_.configuration, plan_, task, inputs_.with_values);
  const auto features = planning::what_weights_share(plan_.grid, task);
  return make_record(plan_, task,
                     features.empty() ? evaluate_set(group, all_, configuration)
                                      : kernels_.evaluate(group, all_, configuration, features));
}

/// On rank 0, in the midst of anything: no communication here.
void SearchRun::take(const std::vector<Record>& records) {
  for (const auto& record : records) {
    plan_.search.records[record.task] = record;
    ++done_;
    ++finished_;
    show(record);
  }
  if (since_saved_.seconds() < save_interval)
    return;
  store_->save(plan_.search);
  since_saved_.restart();
}

void SearchRun::show(const Record& record) {
  const auto* best = search::best_record(plan_.search);
  const bool improved = best != nullptr && best->task == record.task;
  if (!improved && done_ < to_do_ && since_shown_.seconds() < show_interval)
    return;
  since_shown_.restart();
  const double score = search::best_row(plan_.search, record).score;
  std::string text =
      format("point %lld of %lld  ", static_cast<long long>(done_), static_cast<long long>(to_do_)) +
      describe_point(plan_.search, record) + ": ";
  text += std::isfinite(score) ? format("%s %.3f meV/atom", plan_.search.score.c_str(), score * 1e3)
                               : "failed: " + record.message;
  if (best != nullptr)
    text += improved ? std::string(", the best so far")
                     : format(", best so far %.3f", search::best_row(plan_.search, *best).score * 1e3);
  if (done_ < to_do_)
    text += "  ETA " + format_duration(since_start_.seconds() / static_cast<double>(done_) *
                                       static_cast<double>(to_do_ - done_));
  context_.stages.line(text);
}

void SearchRun::save(const std::string& status) {
  parallel::agree(context_.comm(), [&] {
    if (!context_.stages.root())
      return;
    plan_.search.status = status;
    if (status == "finished")
      store_->finish(plan_.search);
    else
      store_->save(plan_.search);
  });
}

void SearchRun::discard_checkpoint() {
  parallel::agree(context_.comm(), [&] {
    if (context_.stages.root())
      store_->discard();
  });
}

/// Returns whether a point fits into the memory of so many ranks. Contractions, which make features fewer,
/// are left out: they are not known yet.
bool SearchRun::point_fits(std::int64_t point, const EvaluationSet& set, int ranks) const {
  const auto last = static_cast<std::int64_t>(plan_.search.rungs.size()) - 1;
  try {
    const auto configuration =
        configuration_of(inputs_.configuration, plan_, {last, point}, inputs_.with_values);
    std::vector<kernel::KernelSpec> kernels;
    for (const auto& options : configuration.kernels)
      kernels.push_back({options.soap, set.elements, options.zeta, options.weight});
    const planning::EvaluationProblem problem(configuration, kernels, set.data.structures, set.folds);
    const auto machine = context_.machine.with_ranks(ranks);
    return planning::evaluation_need(problem, machine).fits(machine);
  } catch (const ConfigError&) {
    return true; // its keys do not go together: an error of its own when its turn comes
  }
}

search::GroupLayout SearchRun::choose_layout() const {
  const auto& configuration = inputs_.configuration;
  const int ranks = context_.comm().size();
  // All points and not those that are left: the last digits of a result depend on the ranks of its group, and
  // a search that goes on shall end with the table of one that was never interrupted.
  const auto points = static_cast<std::int64_t>(plan_.points.size());
  if (configuration.search.groups) {
    if (*configuration.search.groups > ranks)
      throw ConfigError(format("`groups` = %d: there are %d ranks", *configuration.search.groups, ranks),
                        "groups");
    return search::layout_groups(ranks, *configuration.search.groups);
  }
  const auto set = draw_evaluation_set(all_, configuration);
  return search::choose_groups(ranks, points, [&](int each) {
    return point_fits(plan_.points.front(), set, each) && point_fits(plan_.points.back(), set, each);
  });
}

SearchThroughput SearchRun::throughput() const {
  const auto& comm = context_.comm();
  const auto* store = context_.environments.get();
  SearchThroughput found;
  found.layout = layout_;
  found.points = parallel::all_reduce(comm, finished_);
  // Each rank of a group counted those of the group.
  found.kernels_assembled = parallel::all_reduce(comm, kernels_.assembled()) / layout_.ranks_per_group;
  found.environments_reused =
      parallel::all_reduce(comm, store != nullptr ? store->reused() : std::int64_t{0});
  found.environments_bytes = parallel::all_reduce(comm, store != nullptr ? store->bytes() : std::int64_t{0});
  found.seconds = seconds_;
  const double all = seconds_ * comm.size(), busy = parallel::all_reduce(comm, queue_->busy_seconds());
  found.idle_share = all > 0 ? std::max(0.0, 1 - busy / all) : 0.0;
  return found;
}

} // namespace soapstone::workflow
