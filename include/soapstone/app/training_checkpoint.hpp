// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/solver_plan.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/regression/conjugate_gradient.hpp"
#include "soapstone/search/lock_file.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::app {

inline constexpr const char* training_checkpoint_format = "soapstone-training"; ///< attribute "format" of "/"

/// Key -> value of all that a checkpoint depends on. Throws IoError where the file holds none.
std::map<std::string, std::string> training_identity(const h5::Reader& file);

/// How far an iterative solution of several targets has come.
struct IterationProgress {
  std::int64_t target = 0;                  ///< under way; those before it are solved
  std::vector<double> coefficients, fitted; ///< of the solved ones, structures x target
  std::string details;                      ///< of the solved ones, a JSON list for the report
  regression::IterationState state;         ///< of the one under way
};

/// What a training run that is stopped or killed leaves behind: the kernel matrix where that pays (dense
/// solver), or the vectors of the iteration (iterative solver). While it lives, SIGUSR1, SIGUSR2 and SIGTERM
/// are wishes to stop. Without --checkpoint none of its functions does anything.
class TrainingCheckpoint {
public:
  /// Collective. Takes the file's lock and looks at what it holds. Throws (agreed) IoError when another job
  /// has it or it is none of these files, and ConfigError that names the differing keys when it is of another
  /// run.
  TrainingCheckpoint(Session& session, const structure::DataSet& train, regression::SolverKind solver);

  bool on() const { return !path_.empty(); }

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

  Json json() const; ///< for the report: file, what the run went on from, what it wrote; null if off

private:
  void open(std::vector<std::string>& warnings);
  double stage_seconds(bool features) const;
  int asked_to_stop() const;

  Session& session_;
  std::string path_, kind_, found_; ///< found_: kind of what the file holds; empty: nothing
  std::map<std::string, std::string> identity_;
  std::unique_ptr<StopSignal> catching_;
  std::unique_ptr<search::LockFile> lock_; ///< rank 0
  Stopwatch since_kept_;
  std::string resumed_, written_;
};

} // namespace soapstone::app
