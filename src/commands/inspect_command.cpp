// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/commands/survey_command.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/contraction.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/regression/model.hpp"
#include "soapstone/report/console.hpp"
#include "soapstone/report/optimize_report.hpp"
#include "soapstone/report/search_report.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/workflow/coupling_stage.hpp"
#include "soapstone/workflow/iteration_file.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/solve_stage.hpp"
#include "soapstone/workflow/training_checkpoint.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace soapstone::commands {

namespace {

std::string shape_text(const h5::Shape& shape) {
  std::string text;
  for (const auto extent : shape)
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

std::string value_text(double value) {
  return format("%g", value);
}
std::string value_text(int value) {
  return std::to_string(value);
}
std::string value_text(bool value) {
  return value ? "true" : "false";
}
std::string value_text(soap::RadialBasis value) {
  return to_string(value);
}

/// "soap.cutoff 5, soap.cutoff-width 0.5, ...": every parameter by its key.
std::string describe_parameters(const soap::SoapParameters& soap) {
  std::string text;
  soap::for_each_field(
      [&](const soap::Field& field, const auto& value) {
        text += (text.empty() ? "" : ", ") + options::key_of(field.name) + " " + value_text(value);
      },
      soap);
  return text;
}

std::string describe_kernel(const kernel::KernelSpec& spec) {
  const auto contraction = kernel::describe_contraction(spec), coupling = workflow::describe_coupling(spec);
  return format("  kernel: %s, zeta %d, weight %g, elements %s%s%s\n", describe_parameters(spec.soap).c_str(),
                spec.zeta, spec.weight, workflow::element_list(spec.elements).c_str(),
                coupling.empty() ? "" : (", coupled to " + coupling).c_str(),
                contraction.empty() ? "" : (", contracted to " + contraction).c_str());
}

std::string describe_model(const std::string& path) {
  const auto model = regression::read_model(path);
  std::string text = format(
      "%s: soapstone model, schema %lld, intact\n  %zu training structures, %zu target%s, regularization %g, "
      "%s\n",
      path.c_str(), static_cast<long long>(regression::model_schema_version), model.training.size(),
      model.targets.size(), model.targets.size() == 1 ? "" : "s", model.regularization,
      workflow::describe_accuracy(model.backward_error, model.residual).c_str());
  for (const auto& target : model.targets)
    text += "  target: " + target.name + ", baseline " + regression::to_string(target.baseline.kind()) + "\n";
  for (const auto& spec : model.kernels)
    text += describe_kernel(spec);
  if (model.committee.members > 0)
    text += format("  error bars: committee of %lld\n", static_cast<long long>(model.committee.members));
  for (const auto& reference : model.novelty)
    text += format("  novelty: deviation beyond %zu reference environments over %.4g\n",
                   reference.rows.size(), reference.threshold);
  for (const auto& [key, value] : model.provenance)
    text += format("  %s: %s\n", key.c_str(), value.c_str());
  return text;
}

/// A search's checkpoint: FILE with the points finished since, or what came before it if it is damaged.
std::string describe_checkpoint(const std::string& path) {
  std::vector<std::string> warnings;
  const auto found = search::inspect_checkpoint(path, warnings);
  std::string text = path + ": soapstone checkpoint, " + (warnings.empty() ? "intact\n" : "damaged\n");
  for (const auto& warning : warnings)
    text += "  warning: " + warning + "\n";
  return text + report::describe_search(*found);
}

std::string describe_training(const h5::Reader& file) {
  const auto kind = file.attribute_string("/", "kind");
  const std::string text = file.path() + ": soapstone checkpoint of a training run, intact\n";
  if (kind == "iteration") {
    const auto progress = workflow::read_iteration(file.path());
    return text + format("  vectors after iteration %zu of target %lld, %zu structures\n",
                         progress.state.history.size(), static_cast<long long>(progress.target) + 1,
                         progress.state.x.size());
  }
  const auto shape = file.shape("/kernel/000000000000");
  if (shape.size() != 2)
    throw IoError("/kernel/000000000000: is not a matrix", file.path());
  return text +
         format("  kernel matrix between %llu structures\n", static_cast<unsigned long long>(shape.back()));
}

std::string describe_file(const std::string& path) {
  const h5::Reader file(path);
  file.verify();
  if (file.has_attribute("/", "format") && file.attribute_string("/", "format") == search::checkpoint_format)
    return describe_checkpoint(path);
  if (file.has_attribute("/", "format") &&
      file.attribute_string("/", "format") == workflow::training_checkpoint_format)
    return describe_training(file);
  if (file.has_attribute("/", "format") &&
      file.attribute_string("/", "format") == search::optimization_format)
    return path + ": soapstone checkpoint of an optimisation, intact\n" +
           report::describe_optimization(search::read_optimization(path));
  if (file.has_attribute("/", "format") && file.attribute_string("/", "format") == "soapstone-model")
    return describe_model(path);
  std::string text = path + ": HDF5, intact\n";
  for (const auto& name : file.children("/"))
    if (!file.is_group("/" + name))
      text += "  /" + name + "  " + shape_text(file.shape("/" + name)) + "\n";
  return text;
}

/// Decides by the first bytes, or by the name, since a damaged file may not begin with them.
bool is_hdf5(const std::string& path) {
  constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
  if (path.ends_with(".h5") || path.ends_with(".hdf5"))
    return true;
  std::array<char, signature.size()> start{};
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), start.size()) && std::string_view(start.data(), start.size()) == signature;
}

/// Returns the files that are not HDF5 and therefore contain structures.
std::vector<std::string> structures_among(const std::vector<std::string>& files) {
  std::vector<std::string> others;
  std::copy_if(files.begin(), files.end(), std::back_inserter(others),
               [](const auto& path) { return !is_hdf5(path); });
  return others;
}

} // namespace

int inspect(const parallel::Communicator& comm, const options::Configuration& configuration) {
  auto source = configuration.data.source;
  auto surveyed = static_cast<std::int32_t>(parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return std::size_t{0};
    for (const auto& path : configuration.files)
      if (is_hdf5(path))
        report::print_result(printable(describe_file(path)));
    const auto structures = structures_among(configuration.files);
    source.paths.insert(source.paths.end(), structures.begin(), structures.end());
    return source.paths.size();
  }));
  parallel::broadcast(comm, surveyed);
  return surveyed > 0 ? survey_structures(comm, configuration, source) : 0;
}

} // namespace soapstone::commands
