// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/search_run.hpp"

#include "soapstone/app/data_summary.hpp"
#include "soapstone/app/evaluation_plan.hpp"
#include "soapstone/app/search_report.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace soapstone::app {

using search::Record;
using search::Task;

namespace {

// A point is durable when its group has written its part; the one file that holds all parts follows as often
// as this while points finish.
constexpr double save_interval = 2; // seconds
constexpr double show_interval = 1;

bool is_worth_another_try(const Record& record) {
  return record.code == static_cast<int>(ExitCode::resources); // this run may have more
}

} // namespace

SearchRun::SearchRun(Session& session, const structure::DataSet& all)
    : session_(session), all_(all), plan_(plan_search(session.configuration(), all)),
      path_(search_checkpoint_file(session.configuration())) {
  if (const auto shared = what_points_share(plan_); shared.densities || shared.neighbours)
    session_.share_environments(shared, session_.machine().memory_per_rank / part_for_sharing);
  session_.console().line("read " + describe_sizes(all.structures));
  describe_targets(session_.stages(), session_.configuration(), all);
  warn_of_copies(session_.stages(), all);
  layout_ = choose_layout(); // comes first, since a refusal must leave no checkpoint
  open_checkpoint();
  queue_ = std::make_unique<search::WorkQueue>(session.comm(), layout_);
  session_.console().line(
      "search of " + format_count(plan_.search.planned(), "point") + " x " +
      format_count(static_cast<std::int64_t>(plan_.search.rows.size()), "regularisation") + ", " +
      format_count(layout_.groups, "group") + " of " + format_count(layout_.ranks_per_group, "rank") +
      "; checkpoint " + path_);
  if (const int idle = session.comm().size() - layout_.groups * layout_.ranks_per_group; idle > 0)
    session_.console().warn(format("%d of %d ranks are idle, because the others form %d groups of %d", idle,
                                   session.comm().size(), layout_.groups, layout_.ranks_per_group));
}

void SearchRun::open_checkpoint() {
  std::vector<std::string> warnings;
  parallel::agree(session_.comm(), [&] {
    if (!session_.root())
      return;
    store_ = std::make_unique<search::CheckpointStore>(path_);
    plan_.search.owner = search::job_name();
    store_->begin(plan_.search, warnings);
    if (!store_->locked())
      warnings.push_back("the file system of " + path_ +
                         " does not support locks: make sure that no second job uses this checkpoint");
  });
  for (const auto& warning : warnings)
    session_.console().warn(warning);
  share_records();
  if (const auto known = plan_.search.records.size(); known > 0)
    session_.console().line(format("finished points in the checkpoint: %zu", known));
}

/// Rank 0's records to all.
void SearchRun::share_records() {
  std::string bytes;
  if (session_.root())
    for (const auto& [task, record] : plan_.search.records)
      bytes += search::pack(record);
  parallel::broadcast(session_.comm(), bytes);
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
  Console silent(false, true, "");
  std::optional<Session> group;
  if (!queue_->group().is_null()) {
    group.emplace(session_, queue_->group(), silent);
    group->stages().watch([&] { queue_->check_stop(); }, [&] { queue_->poll(); });
  }
  bool all_done = true;
  for (std::size_t rung = 0; rung < plan_.search.rungs.size() && all_done; ++rung)
    all_done = run_rung(group ? &*group : nullptr, rung);
  for (const auto& warning : silent.warnings())
    if (!warning.starts_with("regularization")) // failures of one are in the table
      session_.console().warn(warning);
  save(all_done ? "finished" : "stopped");
  seconds_ = watch.seconds();
  return all_done;
}

bool SearchRun::run_rung(Session* group, std::size_t rung) {
  const auto tasks = tasks_of_rung(rung);
  done_ = 0;
  to_do_ = static_cast<std::int64_t>(tasks.size());
  since_start_.restart();
  const bool all_done =
      queue_->run(tasks, {[&](const Task& task) { return evaluate(*group, task); },
                          [&](const Record& record) { search::add_part(path_, plan_.search, record); },
                          [&](const std::vector<Record>& records) { take(records); }});
  share_records();
  return all_done;
}

Record SearchRun::evaluate(Session& group, const Task& task) {
  const auto configuration = configuration_of(session_.configuration(), plan_, task);
  const auto features = what_weights_share(plan_, task);
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
  session_.console().line(text);
}

void SearchRun::save(const std::string& status) {
  parallel::agree(session_.comm(), [&] {
    if (!session_.root())
      return;
    plan_.search.status = status;
    if (status == "finished")
      store_->finish(plan_.search);
    else
      store_->save(plan_.search);
  });
}

void SearchRun::discard_checkpoint() {
  parallel::agree(session_.comm(), [&] {
    if (session_.root())
      store_->discard();
  });
}

/// Whether a point fits into the memory of so many ranks. Contractions, which make features fewer, are left
/// out: they are not known yet.
bool SearchRun::point_fits(std::int64_t point, const EvaluationSet& set, int ranks) const {
  const auto last = static_cast<std::int64_t>(plan_.search.rungs.size()) - 1;
  try {
    const auto configuration = configuration_of(session_.configuration(), plan_, {last, point});
    std::vector<kernel::KernelSpec> kernels;
    for (const auto& options : configuration.kernels)
      kernels.push_back({options.soap, set.elements, options.zeta, options.weight});
    const EvaluationProblem problem(configuration, kernels, set);
    const auto machine = session_.machine().with_ranks(ranks);
    return evaluation_need(problem, machine).fits(machine);
  } catch (const ConfigError&) {
    return true; // its keys do not go together: an error of its own when its turn comes
  }
}

search::GroupLayout SearchRun::choose_layout() const {
  const auto& configuration = session_.configuration();
  const int ranks = session_.comm().size();
  // All points and not those that are left: the last digits of a result depend on the ranks of its group, and
  // a search that goes on shall end with the table of one that was never interrupted.
  const auto points = static_cast<std::int64_t>(plan_.points.size());
  if (configuration.search.groups) {
    if (*configuration.search.groups > ranks)
      throw ConfigError(format("search.groups = %d: there are %d ranks", *configuration.search.groups, ranks),
                        "search.groups");
    return search::layout_groups(ranks, *configuration.search.groups);
  }
  const auto set = draw_evaluation_set(all_, configuration);
  return search::choose_groups(ranks, points, [&](int each) {
    return point_fits(plan_.points.front(), set, each) && point_fits(plan_.points.back(), set, each);
  });
}

Json SearchRun::throughput() const {
  const auto busy = parallel::all_reduce(session_.comm(), queue_->busy_seconds());
  const auto points = parallel::all_reduce(session_.comm(), finished_);
  // Each rank of a group counted those of the group. 0 where no weights were searched.
  const auto kernels = parallel::all_reduce(session_.comm(), kernels_.assembled()) / layout_.ranks_per_group;
  const auto* store = session_.environments().get();
  const auto reused =
      parallel::all_reduce(session_.comm(), store != nullptr ? store->reused() : std::int64_t{0});
  const auto bytes =
      parallel::all_reduce(session_.comm(), store != nullptr ? store->bytes() : std::int64_t{0});
  const double all = seconds_ * session_.comm().size();
  return {{"groups", layout_.groups},
          {"ranks_per_group", layout_.ranks_per_group},
          {"points", points},
          {"kernels_assembled", kernels},
          {"environments_reused", reused},
          {"environments_bytes", bytes},
          {"seconds", seconds_},
          {"points_per_hour", seconds_ > 0 ? static_cast<double>(points) / seconds_ * 3600 : 0.0},
          {"idle_share", all > 0 ? std::max(0.0, 1 - busy / all) : 0.0}};
}

} // namespace soapstone::app
