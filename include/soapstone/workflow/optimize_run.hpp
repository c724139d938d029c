// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/regression/cross_validation.hpp"
#include "soapstone/search/hyperparameter_loss.hpp"
#include "soapstone/search/lock_file.hpp"
#include "soapstone/search/optimization.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/evaluation_set.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// The optimum with contractions fitted there, as training with its configuration fits them.
struct RefittedOptimum {
  std::vector<kernel::KernelSpec> kernels; ///< with the contractions of the start
  search::LossPoint point;                 ///< with those of the optimum
};

/// An optimisation under way: takes up where its checkpoint ends.
class OptimizeRun {
public:
  /// Collective. Draws the structures, makes the kernels of the start and opens the checkpoint (rank 0).
  /// `keys`: see search_identity. Throws ConfigError where the checkpoint is of another optimisation, IoError
  /// where another job has it, and ResourceError where the optimisation does not fit.
  OptimizeRun(const Context& context, const options::Configuration& asked,
              std::map<std::string, std::string> keys, std::string checkpoint, const formats::DataSet& all);

  /// Collective. Throws Stopped when a signal asked to stop; the checkpoint holds all evaluations by then.
  search::OptimizationResult run();

  /// Collective. Held-out errors at x.
  search::LossPoint at(const std::vector<double>& x);
  /// Collective. The same with contractions fitted anew. The last that may be asked for.
  RefittedOptimum refitted_at(const std::vector<double>& x);

  bool contracts() const; ///< whether any kernel is contracted
  const search::Variables& variables() const { return variables_; }
  const EvaluationSet& set() const { return set_; }
  const options::Configuration& configuration() const {
    return configuration_;
  } ///< see planning::optimized_configuration
  double seconds_per_evaluation() const;

private:
  search::LossOptions options_that_fit() const;
  void open_checkpoint();
  void share_state();
  search::Evaluation evaluate(const std::vector<double>& x);
  void after_evaluation(const std::vector<double>& history);
  void save(const std::string& status);

  Context context_;
  parallel::Communicator meet_; ///< to agree after an evaluation: others may still be amid it
  options::Configuration configuration_;
  EvaluationSet set_;
  search::Hyperparameters start_;
  search::Variables variables_;
  regression::ValidationProblem problem_;
  search::LossOptions options_;
  std::optional<search::HyperparameterLoss> loss_;
  std::string path_;
  std::unique_ptr<search::LockFile> lock_; ///< rank 0
  search::Optimization state_;
  std::string last_; ///< what the last evaluation found
  double seconds_ = 0;
  std::int64_t evaluated_ = 0; ///< in this run
};

/// Returns the root mean square (eV per atom) of the errors per atom of all structures of a set (structures x
/// targets).
double held_out_rmse(const EvaluationSet& set, const std::vector<double>& errors);

/// Held-out energies per structure, eV, from these errors: [target][structure].
std::vector<std::vector<double>> held_out_energies(const EvaluationSet& set,
                                                   const std::vector<double>& errors);

} // namespace soapstone::workflow
