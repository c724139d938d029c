// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/planning/machine.hpp"
#include "soapstone/report/console.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/stages.hpp"

namespace soapstone::commands {

/// Holds what a command is run with: the ranks, what was asked for, the console, the stages, the process grid
/// and the machine. Commands pass on what the work below them uses.
class Session {
public:
  /// Collective. Sets the BLAS threads, checks the BLAS, measures the machine, prints the header.
  Session(const parallel::Communicator& comm, const options::Configuration& configuration,
          report::Console& console);

  const parallel::Communicator& comm() const { return stages_.comm(); }
  bool root() const { return stages_.root(); }
  const options::Configuration& configuration() const { return configuration_; }
  report::Console& console() { return console_; }
  workflow::Stages& stages() { return stages_; }
  const linalg::ProcessGrid& grid() const { return grid_; }
  const planning::Machine& machine() const { return machine_; }
  workflow::Context context() { return {stages_, grid_, machine_, nullptr}; }

private:
  const options::Configuration& configuration_;
  report::Console& console_;
  workflow::Stages stages_;
  linalg::ProcessGrid grid_;
  planning::Machine machine_;
};

// The commands. All are collective and return the exit code.
int train(Session& session);          ///< writes a model; may return 75
int predict(Session& session);        ///< applies a model
int learning_curve(Session& session); ///< errors against the size of the training set
int evaluate(Session& session);       ///< cross-validation
int search(Session& session);         ///< hyperparameters from ranges; may return 75
int optimize(Session& session);       ///< hyperparameters by gradients; may return 75
int kernel_matrix(Session& session);  ///< K to HDF5
int features(Session& session);       ///< environment features to HDF5

// The plans of these commands, for `plan` and --dry-run.
int plan_train(Session& session);          ///< memory and time of train
int plan_predict(Session& session);        ///< those of predict
int plan_learning_curve(Session& session); ///< those of learning-curve
int plan_evaluate(Session& session);       ///< those of evaluate
int plan_search(Session& session);         ///< those of search, one point after the other on all ranks
int plan_optimize(Session& session);       ///< those of optimize
int plan_kernel_matrix(Session& session);  ///< those of kernel
int plan_features(Session& session);       ///< those of features

/// Tells what a file of soapstone's holds; throws where it is damaged.
int inspect(const parallel::Communicator& comm, const options::Configuration& configuration);

} // namespace soapstone::commands
