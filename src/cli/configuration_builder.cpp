// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/configuration_builder.hpp"

#include "kernel_options.hpp"
#include "reader.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/cli/idle_keys.hpp"
#include "soapstone/cli/value.hpp"

#include <algorithm>
#include <set>

namespace soapstone::cli {

namespace {

std::vector<std::string> texts(const std::vector<options::Assignment>& given) {
  std::vector<std::string> values;
  std::transform(given.begin(), given.end(), std::back_inserter(values),
                 [](const auto& a) { return a.value; });
  return values;
}

/// Values of a repeatable key; none may be there twice.
std::vector<std::string> distinct(const Settings& settings, const std::string& name) {
  const auto given = settings.all(name);
  for (std::size_t i = 0; i < given.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (given[i].value == given[j].value)
        throw ConfigError(name + " = " + given[i].value + " is given twice (" + given[j].source + ")", name,
                          given[i].source);
  return texts(given);
}

formats::Format format_of(const std::string& word) {
  return word == "extxyz" ? formats::Format::extxyz
         : word == "qm9"  ? formats::Format::qm9
                          : formats::Format::automatic;
}

options::Baseline baseline_of(const std::string& word) {
  return word == "composition" ? options::Baseline::composition
         : word == "atoms"     ? options::Baseline::atoms
         : word == "mean"      ? options::Baseline::mean
                               : options::Baseline::none;
}

options::Choice choice_of(const std::string& word) {
  return word == "yes"  ? options::Choice::yes
         : word == "no" ? options::Choice::no
                        : options::Choice::automatic;
}

options::OnExtrapolation on_extrapolation(const std::string& word) {
  return word == "error"    ? options::OnExtrapolation::error
         : word == "column" ? options::OnExtrapolation::column
         : word == "off"    ? options::OnExtrapolation::off
                            : options::OnExtrapolation::warn;
}

std::map<int, double> atom_energies(const Settings& settings) {
  const options::Assignment given = settings.get("data.atom-energy"),
                            baseline = settings.get("data.baseline");
  const bool wanted = Reader(settings).says("data.baseline", "atoms");
  if (wanted && given.value.empty() && (settings.command_set() & sets::fitting) != 0)
    throw ConfigError("data.baseline = atoms needs data.atom-energy, for example H:-0.5,C:-37.8",
                      "data.atom-energy", baseline.source);
  if (!wanted && !given.value.empty() && baseline.source == "default")
    throw ConfigError("data.atom-energy = " + given.value + " needs data.baseline = atoms",
                      "data.atom-energy", given.source);
  return given.value.empty() ? std::map<int, double>{}
                             : as_element_values(given, option_named("data.atom-energy"));
}

options::DataOptions data_options(const Settings& settings) {
  const Reader read(settings);
  options::DataOptions data;
  data.source = {distinct(settings, "data.structures"), format_of(read.word("data.format"))};
  for (const auto& key : distinct(settings, "data.target"))
    data.targets.push_back({key, read.word("data.target-unit"), read.says("data.target-scope", "per-atom")});
  data.baseline = baseline_of(read.word("data.baseline"));
  data.atom_energies = atom_energies(settings);
  if (!read.says("data.train", "all"))
    data.train = read.integer("data.train");
  data.test = read.integer("data.test");
  data.seed = static_cast<std::uint64_t>(read.integer("data.seed"));
  return data;
}

void check_required(const Settings& settings) {
  for (const Option& option : option_table()) {
    if ((option.required_by & settings.command_set()) == 0 || !settings.all(option.name).empty())
      continue;
    if (option.name == "file" && !settings.all("data.structures").empty())
      continue;
    const std::string name(option.name), unit(option.unit), meaning(option.meaning);
    const std::string wanted = name == "file" ? unit : "--" + name + " " + unit;
    throw ConfigError("'" + settings.command() + "' needs " + wanted + " (" + meaning + ")", name);
  }
}

void check_output_name(const Settings& settings) {
  const options::Assignment output = settings.get("output");
  const bool known = output.value.ends_with(".csv") || output.value.ends_with(".xyz");
  if (settings.command_set() == sets::predict && !output.value.empty() && !known)
    throw ConfigError("output = " + output.value + ": expected a file name that ends in .csv or .xyz",
                      "output", output.source);
}

options::LearningCurveOptions curve_options(const Reader& read) {
  options::LearningCurveOptions curve;
  const options::Assignment sizes = read.given("learning-curve.sizes");
  if (!read.says("learning-curve.sizes", "auto"))
    curve.sizes = as_sizes(sizes, option_named("learning-curve.sizes"));
  curve.repeats = read.small("learning-curve.repeats");
  return curve;
}

/// Only what is cross-validated has several; the plan of anything else is for one.
std::vector<double> regularizations(const Settings& settings) {
  const auto given = settings.scanned("regression.regularization");
  const auto planned = Reader(settings).word("plan.command");
  if (given.size() > 1 && settings.command_set() == sets::plan && planned != "evaluate")
    throw ConfigError(
        "regression.regularization = " + settings.all("regression.regularization").front().value + ": '" +
            planned + "' expects one number",
        "regression.regularization", given.front().source);
  std::vector<double> values;
  values.reserve(given.size());
  for (const auto& one : given)
    values.push_back(as_number(one, option_named("regression.regularization")));
  return values;
}

/// Requires that what is optimised has a place to start from and something to change.
void validate(const options::ValidationOptions& validation, const Settings& settings) {
  const auto refuse = [&](const char* name, const std::string& text) {
    throw ConfigError(std::string(name) + " = true: " + text, name, settings.get(name).source);
  };
  if (validation.optimize_regularization && !validation.optimize_weights)
    refuse("validation.optimize-regularization", "expected validation.optimize-weights = true as well");
  if (!validation.optimize_weights)
    return;
  const auto numbers = settings.kernels();
  if (numbers.size() < 2)
    refuse("validation.optimize-weights", "expected several kernels: kernel.1.*, kernel.2.*, ...");
  for (const int number : numbers)
    if (const options::Assignment weight = settings.get("kernel.N.weight", number);
        as_number(weight, option_named("kernel.N.weight")) <= 0)
      throw ConfigError(weight.key + " = " + weight.value +
                            ": expected a number > 0, because weights are optimised on a logarithmic scale",
                        weight.key, weight.source);
}

/// Returns whether the run does this, or plans it.
bool runs(const Settings& settings, const std::string& command) {
  return settings.command() == command ||
         (settings.command_set() == sets::plan && Reader(settings).says("plan.command", command));
}

options::ValidationOptions validation_options(const Settings& settings) {
  const Reader read(settings);
  options::ValidationOptions validation;
  validation.folds = read.says("validation.folds", "loo") ? 0 : read.small("validation.folds");
  if (!read.says("validation.method", "auto"))
    validation.method = read.says("validation.method", "eigen") ? regression::ValidationMethod::eigen
                                                                : regression::ValidationMethod::inverse;
  const bool optimizes = runs(settings, "evaluate");
  validation.optimize_weights = optimizes && read.boolean("validation.optimize-weights");
  validation.optimize_regularization = optimizes && read.boolean("validation.optimize-regularization");
  validate(validation, settings);
  return validation;
}

options::SearchOptions search_options(const Settings& settings) {
  const Reader read(settings);
  options::SearchOptions search;
  search.strategy = read.says("search.strategy", "halving")  ? options::SearchStrategy::halving
                    : read.says("search.strategy", "random") ? options::SearchStrategy::random
                                                             : options::SearchStrategy::grid;
  if (!read.says("search.samples", "all"))
    search.samples = read.integer("search.samples");
  if (search.strategy == options::SearchStrategy::random && !search.samples &&
      settings.command_set() == sets::search)
    throw ConfigError("search.strategy = random needs search.samples, the number of points to draw",
                      "search.samples", read.given("search.strategy").source);
  search.halving_factor = read.number("search.halving-factor");
  search.least_structures = read.integer("search.least-structures");
  search.score = read.says("search.score", "rmse") ? options::SearchScore::rmse : options::SearchScore::mae;
  if (!read.says("search.groups", "auto"))
    search.groups = read.small("search.groups");
  search.checkpoint = read.text("checkpoint");
  return search;
}

/// Other commands do not look at the names.
std::set<search::Hyperparameter> optimized_parameters(const Settings& settings) {
  std::set<search::Hyperparameter> chosen;
  if (runs(settings, "optimize"))
    for (const auto& name : split(settings.get("optimize.parameters").value, ','))
      chosen.insert(search::hyperparameter_named(std::string(trim(name))));
  return chosen;
}

options::OptimizeOptions optimize_options(const Settings& settings) {
  const Reader read(settings);
  options::OptimizeOptions optimize;
  optimize.parameters = optimized_parameters(settings);
  optimize.regularizer = read.number("optimize.regularizer");
  if (!read.says("optimize.huber-width", "none"))
    optimize.huber_width = read.number("optimize.huber-width");
  optimize.iterations = read.small("optimize.iterations");
  optimize.restart = read.small("optimize.restart");
  optimize.tolerance = read.number("optimize.tolerance");
  return optimize;
}

options::PlanOptions plan_options(const Reader& read) {
  options::PlanOptions plan;
  plan.command = command_named(read.word("plan.command"));
  if (!read.says("plan.ranks", "auto"))
    plan.ranks = read.small("plan.ranks");
  if (!read.says("plan.ranks-per-node", "auto"))
    plan.ranks_per_node = read.small("plan.ranks-per-node");
  plan.memory_per_node_gib = read.number("plan.memory-per-node");
  return plan;
}

/// A file may say so for `train`; other commands train no committee.
bool trains_committee(const Reader& read, const options::Configuration& built) {
  return options::purpose_of(built) == options::Command::train &&
         read.word("regression.uncertainty") == "committee";
}

std::string lower_word(const Reader& read, std::string_view name, std::string_view word) {
  return read.says(name, word) ? std::string(word) : read.text(name);
}

std::optional<regression::SolverKind> solver_kind(const Reader& read) {
  using regression::SolverKind;
  for (const auto kind : {SolverKind::cholesky, SolverKind::primal, SolverKind::iterative})
    if (read.says("regression.solver", regression::to_string(kind)))
      return kind;
  return std::nullopt;
}

options::SolverOptions solver_options(const Reader& read, const options::Configuration& built) {
  options::SolverOptions solver;
  solver.kind = solver_kind(read);
  if (!read.says("regression.preconditioner-columns", "auto"))
    solver.preconditioner_columns = read.integer("regression.preconditioner-columns");
  solver.max_iterations = read.small("regression.max-iterations");
  if (!read.says("regression.tolerance", "auto"))
    solver.tolerance = read.number("regression.tolerance");
  solver.compact = choice_of(read.word("regression.compact"));
  solver.committee = trains_committee(read, built);
  return solver;
}

} // namespace

options::Configuration build_configuration(const Settings& settings) {
  check_required(settings);
  check_output_name(settings);
  const Reader read(settings);
  options::Configuration built;
  built.command = command_named(settings.command());
  built.plan = plan_options(read);
  built.data = data_options(settings);
  built.kernels = kernel_options(settings);
  built.regularization = read.number("regression.regularization");
  built.solver = solver_options(read, built);
  built.predict = {choice_of(read.word("predict.uncertainty")),
                   on_extrapolation(read.word("predict.extrapolation")), read.number("predict.novelty-limit"),
                   read.boolean("predict.per-atom")};
  built.regularizations = regularizations(settings);
  built.validation = validation_options(settings);
  built.curve = curve_options(read);
  built.search = search_options(settings);
  built.optimize = optimize_options(settings);
  if (settings.command_set() == sets::train)
    built.checkpoint.file = read.text("checkpoint");
  built.checkpoint.kernel = choice_of(read.word("checkpoint-kernel"));
  built.checkpoint.interval = read.number("checkpoint-interval");
  built.parallel = {read.says("parallel.block-size", "auto")
                        ? std::nullopt
                        : std::optional(read.integer("parallel.block-size")),
                    lower_word(read, "parallel.grid", "auto"), read.small("parallel.blas-threads"),
                    read.number("parallel.memory"), read.number("parallel.watchdog")};
  built.output = {read.text("output"), read.text("report"), read.text("log-file"), read.boolean("quiet")};
  built.model = read.text("model");
  built.against = distinct(settings, "against");
  built.files = distinct(settings, "file");
  built.skip_unknown = read.boolean("skip-unknown");
  built.dry_run = read.boolean("dry-run");
  built.ranges = settings.ranges();
  built.effective = settings.effective();
  built.idle_keys = describe_idle_keys(settings);
  return built;
}

} // namespace soapstone::cli
