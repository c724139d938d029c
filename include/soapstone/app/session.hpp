// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/configuration.hpp"
#include "soapstone/app/console.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/soap/environment_store.hpp"

#include <string>

namespace soapstone::app {

/// What every command works with: the ranks, what was asked for, the console, the stage timer, the process
/// grid and the machine's own matrix-product rate.
class Session {
public:
  /// Collective. Sets the BLAS threads, checks the BLAS, prints the header.
  Session(const parallel::Communicator& comm, const Configuration& configuration, Console& console);

  /// Collective over `group`, a part of the ranks of `whole` (both outlive this): its configuration, rates
  /// and limits, what it shares, and a grid of their own. Prints nothing.
  Session(const Session& whole, const parallel::Communicator& group, Console& console);

  const parallel::Communicator& comm() const { return comm_; }
  const Configuration& configuration() const { return configuration_; }
  Console& console() { return console_; }
  StageTimer& timer() { return timer_; }
  const linalg::ProcessGrid& grid() const { return grid_; }
  bool root() const { return comm_.rank() == 0; }
  double dgemm_gflops() const { return dgemm_gflops_; } ///< of one rank, measured at the start
  /// Bytes that each rank may use: parallel.memory, or its share of what its node has free.
  std::int64_t memory_per_rank() const { return memory_per_rank_; }
  int ranks_per_node() const { return ranks_per_node_; } ///< the most on any node
  /// What all kernels of this session share; takes its memory out of memory_per_rank(). None at the start.
  void share_environments(soap::EnvironmentStore::Wanted wanted, std::int64_t memory);
  const std::shared_ptr<soap::EnvironmentStore>& environments() const { return environments_; }
  /// Block size for a matrix of order n: parallel.block-size or the measured best.
  std::int64_t block_size(std::int64_t n) const;
  std::string grid_text() const; ///< "2x3"

private:
  void print_header();

  const parallel::Communicator& comm_;
  const Configuration& configuration_;
  Console& console_;
  StageTimer timer_;
  linalg::ProcessGrid grid_;
  double dgemm_gflops_ = 0;
  std::int64_t memory_per_rank_ = 0;
  int ranks_per_node_ = 1;
  std::shared_ptr<soap::EnvironmentStore> environments_;
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
