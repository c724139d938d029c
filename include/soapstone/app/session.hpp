// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/console.hpp"
#include "soapstone/app/context.hpp"
#include "soapstone/app/machine.hpp"
#include "soapstone/app/options.hpp"
#include "soapstone/app/stages.hpp"
#include "soapstone/linalg/process_grid.hpp"

namespace soapstone::app {

/// What a command is run with: the ranks, what was asked for, the console, the stages, the process grid and
/// the machine. Commands pass on what the work below them uses.
class Session {
public:
  /// Collective. Sets the BLAS threads, checks the BLAS, measures the machine, prints the header.
  Session(const parallel::Communicator& comm, const Configuration& configuration, Console& console);

  const parallel::Communicator& comm() const { return stages_.comm(); }
  bool root() const { return stages_.root(); }
  const Configuration& configuration() const { return configuration_; }
  Console& console() { return console_; }
  Stages& stages() { return stages_; }
  const linalg::ProcessGrid& grid() const { return grid_; }
  const Machine& machine() const { return machine_; }
  operator Stages&() { return stages_; }   // NOLINT: until all callers pass on what they use
  operator Context() { return context(); } // NOLINT: the same
  Context context() { return {stages_, grid_, machine_, nullptr}; }

private:
  const Configuration& configuration_;
  Console& console_;
  Stages stages_;
  linalg::ProcessGrid grid_;
  Machine machine_;
};

// The commands. All are collective and return the exit code.
int train(Session& session);          ///< writes a model; may return 75
int predict(Session& session);        ///< applies a model
int learning_curve(Session& session); ///< errors against the size of the training set
int evaluate(Session& session);       ///< cross-validation
int search(Session& session);         ///< hyperparameters from ranges; may return 75
int optimize(Session& session);       ///< hyperparameters by gradients; may return 75
int plan(Session& session);           ///< also --dry-run of any other command
int kernel_matrix(Session& session);  ///< K to HDF5
int features(Session& session);       ///< environment features to HDF5
/// What a file of ours holds; throws where it is damaged.
int inspect(const parallel::Communicator& comm, const Configuration& configuration);

} // namespace soapstone::app
