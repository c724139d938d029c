// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/regression/solver_choice.hpp"
#include "soapstone/search/lock_file.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/iteration_file.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Records what a run did with its checkpoint.
struct CheckpointRecord {
  std::string file;
  std::string resumed, written; ///< "kernel" or "iteration"; empty: nothing
};

/// Keeps what a training run that is stopped or killed leaves behind: the kernel matrix where that pays
/// (dense solver), or the vectors of the iteration (iterative solver). While it lives, SIGUSR1, SIGUSR2 and
/// SIGTERM are wishes to stop. Without --checkpoint none of its functions does anything.
class TrainingCheckpoint {
public:
  /// Collective. `keys`: the values of all keys of the run, as texts. Takes the file's lock and looks at what
  /// it holds. Throws (agreed) IoError when another job has it or it is none of these files, and ConfigError
  /// that names the differing keys when it is of another run.
  TrainingCheckpoint(const Context& context, const options::Configuration& configuration,
                     std::map<std::string, std::string> keys, const formats::DataSet& train,
                     regression::SolverKind solver);

  bool on() const { return !record_.file.empty(); }

  /// Collective. The lower triangle of the kernel that an earlier run left (stage "read checkpoint").
  std::optional<linalg::DistributedMatrix> kernel(std::int64_t n, std::int64_t block);
  /// Collective. Writes it (stage "write checkpoint") where computing it took longer than that takes, or as
  /// --checkpoint-kernel says. `again`: features are needed once more in any case.
  void keep_kernel(const linalg::DistributedMatrix& kernel, bool again);

  /// Collective. What an earlier run on so many structures and targets left. Throws IoError when it does not
  /// fit these.
  std::optional<IterationProgress> iteration(std::size_t structures, std::int64_t targets);
  /// Collective, between iterations. Writes every --checkpoint-interval seconds and before it stops.
  void keep_iteration(const IterationProgress& progress);

  /// Collective, where a run may end. Throws Stopped on all ranks when any was asked to stop.
  void stop_if_asked();
  /// Collective. The run is done: the file goes.
  void remove();

  const CheckpointRecord& record() const { return record_; } ///< without a file if off

private:
  void open(std::vector<std::string>& warnings);
  const std::string& path() const { return record_.file; }
  double stage_seconds(bool features) const;
  int asked_to_stop() const;

  Stages& stages_;
  const linalg::ProcessGrid& grid_;
  options::CheckpointOptions options_;
  CheckpointRecord record_;
  std::string kind_, found_; ///< found_: kind of what the file holds; empty: nothing
  TrainingIdentity identity_;
  std::unique_ptr<StopSignal> catching_;
  std::unique_ptr<search::LockFile> lock_; ///< rank 0
  Stopwatch since_kept_;
};

} // namespace soapstone::workflow
