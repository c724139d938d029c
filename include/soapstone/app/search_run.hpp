// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/kept_kernels.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/app/search_plan.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/search/work_queue.hpp"

#include <memory>
#include <string>

namespace soapstone::app {

/// A search under way: takes up where its checkpoint ends, evaluates the points that are left, rung by rung.
class SearchRun {
public:
  /// Collective. Opens the checkpoint (rank 0) and tells the user what there is to do. Throws ConfigError
  /// when it is of another search and IoError when another job has it.
  SearchRun(Session& session, const structure::DataSet& all);

  /// Collective. True when all is done; false when a signal asked to stop. The checkpoint holds all that was
  /// found either way.
  bool run();
  /// Collective. Removes the checkpoint: of a search in which nothing succeeded it would only refuse the
  /// corrected one.
  void discard_checkpoint();

  const SearchPlan& plan() const { return plan_; } ///< its records are the same on all ranks after run()
  /// Collective. For the report: groups, points of this run, seconds, points per hour, share of idle time.
  Json throughput() const;

private:
  void open_checkpoint();
  void share_records();
  search::GroupLayout choose_layout() const;
  bool point_fits(std::int64_t point, const EvaluationSet& set, int ranks) const;
  std::vector<search::Task> tasks_of_rung(std::size_t rung) const;
  bool run_rung(Session* group, std::size_t rung);
  search::Record evaluate(Session& group, const search::Task& task);
  void take(const std::vector<search::Record>& records);
  void show(const search::Record& record);
  void save(const std::string& status);

  Session& session_;
  const structure::DataSet& all_;
  SearchPlan plan_;
  std::string path_;                               ///< of the checkpoint
  std::unique_ptr<search::CheckpointStore> store_; ///< rank 0
  search::GroupLayout layout_;
  std::unique_ptr<search::WorkQueue> queue_;
  KeptKernels kernels_; ///< of my group
  Stopwatch since_start_, since_saved_, since_shown_;
  std::int64_t done_ = 0, to_do_ = 0; ///< points of this run, of the rung under way
  std::int64_t finished_ = 0;         ///< points of this run
  double seconds_ = 0;
};

} // namespace soapstone::app
