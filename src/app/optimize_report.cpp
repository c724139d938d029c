// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/optimize_report.hpp"

#include "soapstone/app/coupling_stage.hpp"
#include "soapstone/app/kernel_numbers.hpp"
#include "soapstone/app/model_ini.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/soap/coupling_file.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <utility>

namespace soapstone::app {

using search::Hyperparameter;
using search::Hyperparameters;
using search::OptimizationResult;
using search::Variables;

namespace {

std::filesystem::path output_of(const Configuration& configuration) {
  return output_file(configuration);
}

std::string with_extension(const Configuration& configuration, const std::string& extension) {
  return output_of(configuration).replace_extension(extension).string();
}

/// Key of kernel k, from 0, whose number is what the configuration calls it.
std::string key_of(const std::string& key, std::size_t k, const std::vector<int>& kernel_numbers) {
  return kernel_numbers.empty() ? key : format("kernel.%d.", kernel_numbers[k]) + key;
}

/// Everything optimised but u, by its key.
std::vector<std::pair<std::string, double>> numbers(const Configuration& configuration,
                                                    const Variables& variables, const Hyperparameters& best) {
  std::vector<std::pair<std::string, double>> found;
  const auto kernels = kernel_numbers(configuration);
  for (std::size_t k = 0; k < best.kernels.size(); ++k) {
    for (const auto& [key, value] : variables.numbers(best.kernels[k]))
      found.emplace_back(key_of(key, k, kernels), value);
    if (variables.has(Hyperparameter::weights))
      found.emplace_back(key_of("weight", k, kernels), best.kernels[k].weight);
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

std::string coupling_file(const Configuration& configuration, std::size_t kernel) {
  auto path = output_of(configuration);
  if (configuration.kernels.size() > 1)
    path.replace_extension(format(".%d", kernel_numbers(configuration)[kernel]) + path.extension().string());
  return path.string();
}

std::string optimum_file(const Configuration& configuration) {
  return with_extension(configuration, ".ini");
}

std::string optimize_checkpoint_file(const Configuration& configuration) {
  const auto& given = configuration.search.checkpoint;
  return given.empty() ? with_extension(configuration, ".checkpoint.h5") : given;
}

Json optimization_json(const Configuration& configuration, const Variables& variables,
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

std::string optimum_ini(const Configuration& configuration, const Variables& variables,
                        const Hyperparameters& best, const OptimizationResult& result) {
  std::map<std::string, std::string> changed;
  for (const auto& [key, value] : numbers(configuration, variables, best))
    changed[key] = format("%.17g", value);
  std::vector<EffectiveKey> keys;
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
      keys.push_back({key_of("species.coupling", k, kernel_numbers(configuration)),
                      coupling_file(configuration, k), "optimize"});
  // Keys of one section together, sections in the order in which they first come.
  std::vector<std::string> sections;
  const auto section = [](const EffectiveKey& given) { return given.key.substr(0, given.key.rfind('.')); };
  for (const auto& given : keys)
    if (std::find(sections.begin(), sections.end(), section(given)) == sections.end())
      sections.push_back(section(given));
  std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return std::find(sections.begin(), sections.end(), section(a)) <
           std::find(sections.begin(), sections.end(), section(b));
  });
  return model_ini(format("# Optimum after %zu iterations: loss of held-out errors plus regulariser, %.6g "
                          "eV².\n#   soapstone train --config THIS_FILE --output model.h5\n",
                          result.history.size() - 1, result.objective),
                   keys);
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

} // namespace soapstone::app
