// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/search/work_queue.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/kept_kernels.hpp"
#include "soapstone/workflow/search_plan.hpp"

#include <map>
#include <memory>
#include <string>

namespace soapstone::workflow {

/// Holds what a search works on beside its structures; the configuration must outlive it.
struct SearchInputs {
  const options::Configuration& configuration;
  options::WithValues with_values;         ///< makes the configurations of points
  std::map<std::string, std::string> keys; ///< see search_identity
  std::string checkpoint;                  ///< file
};

/// Measures how fast a search was.
struct SearchThroughput {
  search::GroupLayout layout;
  std::int64_t points = 0;                                      ///< of this run
  std::int64_t kernels_assembled = 0;                           ///< one by one, because weights were searched
  std::int64_t environments_reused = 0, environments_bytes = 0; ///< over all ranks
  double seconds = 0;
  double idle_share = 0; ///< of the ranks' time

  double points_per_hour() const { return seconds > 0 ? static_cast<double>(points) / seconds * 3600 : 0.0; }
};

/// A search under way: takes up where its checkpoint ends, evaluates the points that are left, rung by rung.
class SearchRun {
public:
  /// Collective. Opens the checkpoint (rank 0) and tells the user what there is to do. Sets memory aside for
  /// what points share. `all` must outlive it. Throws ConfigError when the checkpoint is of another search
  /// and IoError when another job has it.
  SearchRun(const Context& context, SearchInputs inputs, const formats::DataSet& all);

  /// Collective. True when all is done; false when a signal asked to stop. The checkpoint holds all that was
  /// found either way.
  bool run();
  /// Collective. Removes the checkpoint: of a search in which nothing succeeded it would only refuse the
  /// corrected one.
  void discard_checkpoint();

  const SearchPlan& plan() const { return plan_; } ///< its records are the same on all ranks after run()
  SearchThroughput throughput() const;             ///< Collective.

private:
  void share_environments();
  void open_checkpoint();
  void share_records();
  search::GroupLayout choose_layout() const;
  bool point_fits(std::int64_t point, const EvaluationSet& set, int ranks) const;
  std::vector<search::Task> tasks_of_rung(std::size_t rung) const;
  bool run_rung(const Context* group, std::size_t rung);
  search::Record evaluate(const Context& group, const search::Task& task);
  void take(const std::vector<search::Record>& records);
  void show(const search::Record& record);
  void save(const std::string& status);

  Context context_;
  SearchInputs inputs_;
  const formats::DataSet& all_;
  SearchPlan plan_;
  std::unique_ptr<search::CheckpointStore> store_; ///< rank 0
  search::GroupLayout layout_;
  std::unique_ptr<search::WorkQueue> queue_;
  KeptKernels kernels_; ///< of my group
  Stopwatch since_start_, since_saved_, since_shown_;
  std::int64_t done_ = 0, to_do_ = 0; ///< points of this run, of the rung under way
  std::int64_t finished_ = 0;         ///< points of this run
  double seconds_ = 0;
};

} // namespace soapstone::workflow
