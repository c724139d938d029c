// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/optimize_report.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/output_names.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/report/training_report.hpp"
#include "soapstone/soap/coupling_file.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace soapstone::report {

using search::Hyperparameter;
using search::Hyperparameters;
using search::OptimizationResult;
using search::Variables;

namespace {

/// The key of a kernel, with the number that the configuration gives it.
std::string key_of(const std::string& key, const options::KernelOptions& kernel) {
  return kernel.number == 0 ? key : format("kernel.%d.", kernel.number) + key;
}

/// Everything optimised but u, by its key.
std::vector<std::pair<std::string, double>> numbers(const options::Configuration& configuration,
                                                    const Variables& variables, const Hyperparameters& best) {
  std::vector<std::pair<std::string, double>> found;
  for (std::size_t k = 0; k < best.kernels.size(); ++k) {
    for (const auto& [parameter, value] : variables.numbers(best.kernels[k]))
      found.emplace_back(key_of(options::key_of(parameter), configuration.kernels[k]), value);
    if (variables.has(Hyperparameter::weights))
      found.emplace_back(key_of("weight", configuration.kernels[k]), best.kernels[k].weight);
  }
  if (variables.has(Hyperparameter::regularization))
    found.emplace_back("regression.regularization", best.regularization);
  return found;
}

bool is_of_coupling(const std::string& key) {
  for (const char* name : {"species.coupling", "species.channels", "species.sigma-electronegativity",
                           "species.sigma-radius", "species.electronegativity", "species.radius"})
    if (key.ends_with(name))
      return true;
  return false;
}

} // namespace

Json optimization_json(const options::Configuration& configuration, const Variables& variables,
                       const Hyperparameters& best, const OptimizationResult& result) {
  Json json{{"objective", result.history},
            {"iterations", result.history.empty() ? 0 : result.history.size() - 1},
            {"evaluations", result.evaluations},
            {"converged", result.converged},
            {"reason", result.reason}};
  const auto couplings = coupling_json(best.kernels);
  if (!couplings.front().is_null()) {
    json["elements"] = couplings.front()["elements"];
    json["u"] = couplings.front()["u"];
  }
  if (best.kernels.size() > 1)
    json["couplings"] = couplings;
  json["parameters"] = Json::object();
  for (const auto& [key, value] : numbers(configuration, variables, best))
    json["parameters"][key] = value;
  return json;
}

std::string optimum_heading(const OptimizationResult& result) {
  return format("# Optimum after %zu iterations: loss of held-out errors plus regulariser, %.6g "
                "eV².\n#   soapstone train --config THIS_FILE --output model.h5\n",
                result.history.size() - 1, result.objective);
}

std::vector<options::EffectiveKey> optimum_keys(const options::Configuration& configuration,
                                                const Variables& variables, const Hyperparameters& best,
                                                const std::string& output) {
  std::map<std::string, std::string> changed;
  for (const auto& [key, value] : numbers(configuration, variables, best))
    changed[key] = format("%.17g", value);
  std::vector<options::EffectiveKey> keys;
  for (const auto& given : configuration.effective) {
    if (variables.has(Hyperparameter::coupling) && is_of_coupling(given.key))
      continue;
    keys.push_back(given);
    if (const auto found = changed.find(given.key); found != changed.end()) {
      keys.back().value = found->second;
      changed.erase(found);
    }
  }
  for (const auto& [key, value] : changed)
    keys.push_back({key, value, "optimize"});
  if (variables.has(Hyperparameter::coupling))
    for (std::size_t k = 0; k < best.kernels.size(); ++k)
      keys.push_back({key_of("species.coupling", configuration.kernels[k]),
                      options::coupling_file(output, configuration.kernels, k), "optimize"});
  // Keys of one section together, sections in the order in which they first come.
  std::vector<std::string> sections;
  const auto section = [](const options::EffectiveKey& given) {
    return given.key.substr(0, given.key.rfind('.'));
  };
  for (const auto& given : keys)
    if (std::find(sections.begin(), sections.end(), section(given)) == sections.end())
      sections.push_back(section(given));
  std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return std::find(sections.begin(), sections.end(), section(a)) <
           std::find(sections.begin(), sections.end(), section(b));
  });
  return keys;
}

std::string optimum_coupling(const kernel::KernelSpec& spec, const OptimizationResult& result) {
  return soap::coupling_text(*spec.coupling, format("optimised by cross-validation, objective %.6g eV² after "
                                                    "%zu iterations",
                                                    result.objective, result.history.size() - 1));
}

std::string describe_optimization(const search::Optimization& state) {
  const auto evaluations = static_cast<std::int64_t>(state.evaluations.size()) + state.finished_evaluations;
  std::string text =
      format("  optimisation, %s (%s): %lld evaluations of %zu variables\n", state.status.c_str(),
             state.owner.c_str(), static_cast<long long>(evaluations), state.start.size());
  double first = std::numeric_limits<double>::infinity(), least = first;
  for (const double objective : state.history)
    least = std::min(least, objective);
  for (const auto& evaluation : state.evaluations)
    least = std::min(least, evaluation.objective);
  if (!state.history.empty())
    first = state.history.front();
  else if (!state.evaluations.empty())
    first = state.evaluations.front().objective;
  if (evaluations > 0)
    text += format("  objective %.8g eV² at the start, at best %.8g\n", first, least);
  for (const auto& [key, value] : state.identity)
    text += "  " + key + ": " + value + "\n";
  return text;
}

} // namespace soapstone::report
