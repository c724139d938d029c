// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/kernel/contraction.hpp"
#include "soapstone/options/assignment.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/regression/solver_choice.hpp"
#include "soapstone/regression/validation_method.hpp"
#include "soapstone/search/hyperparameter.hpp"
#include "soapstone/soap/parameters.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace soapstone::options {

using Baseline = regression::BaselineKind; ///< data.baseline

/// The commands, in the order of the interface.
enum class Command {
  train,
  predict,
  evaluate,
  learning_curve,
  search,
  optimize,
  kernel,
  features,
  plan,
  inspect
};

/// Returns the name by which a command is called: "learning-curve".
constexpr std::string_view name_of(Command command) {
  constexpr std::array<std::string_view, 10> names{"train",  "predict",  "evaluate", "learning-curve",
                                                   "search", "optimize", "kernel",   "features",
                                                   "plan",   "inspect"};
  return names[static_cast<std::size_t>(command)];
}

/// Says yes or no, or leaves the choice to the program.
enum class Choice { automatic, yes, no };

/// Says what is done about structures unlike those of the training set: predict.extrapolation.
enum class OnExtrapolation { warn, error, column, off };

/// data.*: what is read, what is learnt, what is drawn.
struct DataOptions {
  formats::DataSource source;               ///< data.structures (repeatable), data.format
  std::vector<formats::TargetSpec> targets; ///< data.target (repeatable), data.target-unit, data.target-scope
  Baseline baseline = Baseline::composition;
  std::map<int, double> atom_energies; ///< data.atom-energy: atomic number -> energy, in target-unit
  std::optional<std::int64_t> train;   ///< nothing: all that test leaves
  std::int64_t test = 0;
  std::uint64_t seed = 1;
};

/// Where the coupling of the elements' densities comes from.
enum class CouplingKind { none, gaussian, file };

/// Says whether coupled densities are contracted to channels before their products, or inside them.
enum class CouplingForm { channels, pairwise };

/// species.* of one kernel.
struct SpeciesOptions {
  CouplingKind coupling = CouplingKind::none;
  std::string coupling_file; ///< with u, for CouplingKind::file
  double sigma_electronegativity = 0.5;
  double sigma_radius = 0.5;
  std::map<int, double> electronegativities, radii; ///< in place of the tables', by atomic number; Å
  std::vector<int> elements;   ///< atomic numbers, ascending; empty: those in the training data
  std::optional<int> channels; ///< d_J; nothing: all
  bool normalize_before = false;
  std::optional<CouplingForm> form; ///< nothing: auto
};

/// One kernel of the model: features and exponent.
struct KernelOptions {
  soap::SoapParameters soap;                             ///< soap.* and radial-scaling.*
  std::optional<kernel::ContractionOptions> contraction; ///< soap.contraction*
  SpeciesOptions species;
  int zeta = 2;
  double weight = 1.0;
  kernel::Precision precision = kernel::Precision::float64; ///< soap.precision
  int number = 0;                                           ///< N of kernel.N.*; 0: it has none
};

/// regression.* but for the regularisation.
struct SolverOptions {
  std::optional<regression::SolverKind> kind;         ///< regression.solver; nothing: auto
  std::optional<std::int64_t> preconditioner_columns; ///< regression.preconditioner-columns; nothing: auto
  int max_iterations = 500;                           ///< regression.max-iterations
  std::optional<double> tolerance;                    ///< regression.tolerance, eV per atom; nothing: auto
  Choice compact = Choice::automatic;                 ///< regression.compact
  bool committee = false;                             ///< regression.uncertainty
};

/// predict.*
struct PredictOptions {
  Choice uncertainty = Choice::automatic;                ///< predict.uncertainty
  OnExtrapolation extrapolation = OnExtrapolation::warn; ///< predict.extrapolation
  double novelty_limit = 1;                              ///< predict.novelty-limit
  bool per_atom = false;                                 ///< predict.per-atom
};

/// learning-curve.*
struct LearningCurveOptions {
  std::vector<std::int64_t> sizes; ///< ascending; empty: chosen from the number of training structures
  int repeats = 3;
};

/// validation.*
struct ValidationOptions {
  int folds = 10;                                     ///< validation.folds; 0: leave-one-out
  std::optional<regression::ValidationMethod> method; ///< validation.method; nothing: auto
  bool optimize_weights = false, optimize_regularization = false;
};

/// Names the ways in which a search chooses points: search.strategy.
enum class SearchStrategy { grid, random, halving };
/// By which error points are compared: search.score.
enum class SearchScore { mae, rmse };

/// search.*
struct SearchOptions {
  SearchStrategy strategy = SearchStrategy::grid;
  std::optional<std::int64_t> samples; ///< search.samples; nothing: all points of the grid
  double halving_factor = 3;           ///< search.halving-factor
  std::int64_t least_structures = 100; ///< search.least-structures
  SearchScore score = SearchScore::mae;
  std::optional<int> groups; ///< search.groups; nothing: as many as memory and points allow
  std::string checkpoint;    ///< --checkpoint; empty: beside the output
};

/// optimize.*
struct OptimizeOptions {
  std::set<search::Hyperparameter> parameters{search::Hyperparameter::coupling}; ///< optimize.parameters
  double regularizer = 1e-6;                                    ///< optimize.regularizer, of u
  double huber_width = std::numeric_limits<double>::infinity(); ///< optimize.huber-width, eV/atom
  int iterations = 100;                                         ///< optimize.iterations
  int restart = 0;                                              ///< optimize.restart; 0: never
  double tolerance = 1e-5;                                      ///< optimize.tolerance
};

/// --checkpoint and its companions, for train.
struct CheckpointOptions {
  std::string file;                  ///< --checkpoint (train)
  Choice kernel = Choice::automatic; ///< --checkpoint-kernel
  double interval = 120;             ///< --checkpoint-interval, seconds
};

/// plan.*
struct PlanOptions {
  Command command = Command::train;  ///< what `plan` plans
  std::optional<int> ranks;          ///< nothing: those of this run
  std::optional<int> ranks_per_node; ///< nothing: the cores of this node
  double memory_per_node_gib = 0;    ///< 0: what this node has free
};

/// parallel.*
struct ParallelOptions {
  std::optional<std::int64_t> block_size; ///< parallel.block-size; nothing: auto
  std::string grid = "auto";              ///< parallel.grid
  int blas_threads = 1;                   ///< parallel.blas-threads
  double memory_gib = 0;                  ///< parallel.memory: limit per rank, GiB; 0: what the node has
  double watchdog_seconds = 21600;        ///< parallel.watchdog; 0: none
};

/// Where results, report and log go.
struct OutputOptions {
  std::string output, report, log_file;
  bool quiet = false;
};

/// A key to which `search` was given several values.
struct KeyRange {
  std::string key;
  std::vector<std::string> values; ///< at least two, each valid for the key
};

/// One configuration key after parsing: what it is now and who said so.
using EffectiveKey = Assignment;

/// The value of a key as the type that it has, or several of a key that may be repeated.
using Value = std::variant<bool, std::int64_t, double, std::string>;
/// A key with its values.
struct EffectiveValue {
  std::string key;
  std::vector<Value> values;
  bool repeatable = false; ///< `values` is a list; otherwise it holds one
};

/// Everything a command was asked to do.
struct Configuration {
  Command command = Command::train;
  DataOptions data;
  std::vector<KernelOptions> kernels; ///< one, or those of kernel.1.*, kernel.2.*, ...
  double regularization = 1e-8;
  std::vector<double> regularizations{
      1e-8}; ///< `evaluate`, `search`: all of them; the first is the one above
  SolverOptions solver;
  PredictOptions predict;
  ValidationOptions validation;
  LearningCurveOptions curve;
  SearchOptions search;
  OptimizeOptions optimize;
  CheckpointOptions checkpoint;
  PlanOptions plan;
  ParallelOptions parallel;
  OutputOptions output;
  std::string model;                ///< --model (predict)
  std::vector<std::string> against; ///< --against (kernel), files
  std::vector<std::string> files;   ///< positional arguments of inspect
  bool skip_unknown = false;        ///< --skip-unknown (predict)
  bool dry_run = false;
  std::vector<KeyRange> ranges; ///< search: keys with several values; the options above hold the first
  std::vector<EffectiveKey>
      effective; ///< every key of the command that has a value, in table order; ranges as written
  std::vector<std::string> idle_keys; ///< what is said of keys that were given and change nothing
};

/// Returns the configuration with some keys changed (a point of a search). Throws ConfigError where the
/// parser would.
using WithValues = std::function<Configuration(const Configuration&, const std::vector<Assignment>&)>;

/// Returns the command that a run does, or that it plans.
inline Command purpose_of(const Configuration& configuration) {
  return configuration.command == Command::plan ? configuration.plan.command : configuration.command;
}

} // namespace soapstone::options
