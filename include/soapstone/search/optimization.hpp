// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace soapstone::search {

/// One evaluation of an objective; infinite where there is no value.
struct Evaluation {
  std::vector<double> x;
  double objective = 0;
  std::vector<double> gradient;
};

/// A gradient optimisation and how far it has come. L-BFGS starts afresh in every cycle; what it did in the
/// present one is a function of the cycle's start and its evaluations, so that a run that goes on repeats it
/// from these without computing anything, and ends where one that was never interrupted ends.
struct Optimization {
  /// Key -> value of everything that the results depend on.
  std::map<std::string, std::string> identity;
  std::vector<double> start;           ///< of the present cycle
  std::vector<double> history;         ///< objective before and after every iteration of the finished cycles
  std::vector<Evaluation> evaluations; ///< of the present cycle
  std::int64_t finished_evaluations = 0; ///< of the cycles before
  std::int64_t cycles = 0;               ///< finished
  std::string status = "running";        ///< running, stopped, finished
  std::string owner;                     ///< see job_name()
};

/// When the optimisation ends, and when it starts afresh.
struct OptimizationOptions {
  int iterations = 100;    ///< at most, in all; at least 1
  int restart = 0;         ///< iterations of a cycle; 0: one cycle
  double tolerance = 1e-5; ///< see regression::MinimizeOptions, for the logarithm of the objective
};

/// Holds what came out of it.
struct OptimizationResult {
  std::vector<double> x, history; ///< the best point; objective at the start and after every iteration
  double objective = 0;
  std::int64_t evaluations = 0;
  bool converged = false;
  std::string reason;
};

/// Objective > 0 and gradient at x. An AgreedError with ExitCode::numerical, one that all ranks throw, makes
/// a shorter step, and at the start of a cycle is passed on; so do numbers that are not finite, which at the
/// start are a NumericalError.
using DifferentiableObjective = std::function<Evaluation(const std::vector<double>& x)>;

/// Minimises by L-BFGS in ln(objective), which is of order one and whose tolerance is relative.
/// `after_evaluation` is called after every new evaluation, when it is in `state`, with the objective after
/// every iteration so far; what it throws (Stopped) ends the optimisation. Ranks that get the same values
/// take the same steps. Of a state with as many iterations or more nothing is computed: the result is that
/// after those that are wanted, or after its finished cycles if these are more.
OptimizationResult
run_optimization(Optimization& state, const DifferentiableObjective& objective,
                 const OptimizationOptions& options,
                 const std::function<void(const std::vector<double>& history)>& after_evaluation);

inline constexpr std::int64_t optimization_schema = 1;                       ///< attribute "schema" of "/"
inline constexpr const char* optimization_format = "soapstone-optimization"; ///< attribute "format" of "/"

/// Writes the whole file; what it was before becomes FILE.previous. Throws IoError.
void save_optimization(const std::string& path, const Optimization& state);

/// Returns what the file holds. Throws IoError, and ForeignFile where it is no such file or of another
/// schema.
Optimization read_optimization(const std::string& path);

/// Returns what FILE, or where it is damaged FILE.previous, holds into `state`, whose identity and start are
/// set; false without such files. Throws ConfigError that names the differing keys when it is of another
/// optimisation, ForeignFile, and IoError when there are files and none is whole. What could not be used is
/// told in `warnings`.
bool load_optimization(const std::string& path, Optimization& state, std::vector<std::string>& warnings);

} // namespace soapstone::search
