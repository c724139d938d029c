// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/model.hpp"

#include "model_contraction.hpp"
#include "model_coupling.hpp"
#include "model_parameters.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/structure/flat_structures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace soapstone::regression {

namespace {

const char* const format_name = "soapstone-model";

void write_kernel(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec) {
  file.write(group + "/elements", std::vector<std::int64_t>(spec.elements.begin(), spec.elements.end()));
  file.attribute(group, "zeta", std::int64_t{spec.zeta});
  file.attribute(group, "weight", spec.weight);
  file.attribute(group, "bits", std::int64_t{spec.precision == kernel::Precision::float32 ? 32 : 64});
  write_parameters(file, group, spec.soap);
  write_coupling(file, group, spec);
  write_contraction(file, group, spec);
}

double finite_attribute(const h5::Reader& file, const std::string& group, const std::string& name) {
  const double value = file.attribute_double(group, name);
  if (!std::isfinite(value))
    throw IoError("a finite " + name + " expected in " + group, file.path());
  return value;
}

std::optional<double> optional_attribute(const h5::Reader& file, const std::string& group,
                                         const std::string& name) {
  return file.has_attribute(group, name) ? std::optional(finite_attribute(file, group, name)) : std::nullopt;
}

std::vector<double> read_finite(const h5::Reader& file, const std::string& name) {
  auto values = file.read_doubles(name);
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
    throw IoError("finite numbers expected in " + name, file.path());
  return values;
}

/// Atomic numbers, ascending.
std::vector<int> read_elements(const h5::Reader& file, const std::string& name) {
  std::vector<int> elements;
  for (const auto z : file.read_integers(name)) {
    if (z < 1 || z > structure::max_atomic_number || (!elements.empty() && z <= elements.back()))
      throw IoError("atomic numbers from 1 to 118 in ascending order expected in " + name, file.path());
    elements.push_back(static_cast<int>(z));
  }
  return elements;
}

kernel::KernelSpec read_kernel(const h5::Reader& file, const std::string& group) {
  kernel::KernelSpec spec;
  spec.elements = read_elements(file, group + "/elements");
  if (spec.elements.empty())
    throw IoError("an element expected in " + group + "/elements", file.path());
  spec.zeta = attribute_int(file, group, "zeta");
  spec.weight = finite_attribute(file, group, "weight");
  spec.precision =
      attribute_int(file, group, "bits") == 32 ? kernel::Precision::float32 : kernel::Precision::float64;
  spec.soap = read_parameters(file, group);
  read_coupling(file, group, spec);
  read_contraction(file, group, spec);
  return spec;
}

void write_target(h5::Writer& file, const std::string& group, const ModelTarget& target) {
  std::vector<std::int64_t> elements;
  std::vector<double> energies;
  for (const auto& [z, energy] : target.baseline.element_energies()) {
    elements.push_back(z);
    energies.push_back(energy);
  }
  file.write(group + "/baseline_elements", elements);
  file.write(group + "/baseline_energies", energies);
  file.attribute(group, "name", target.name);
  file.attribute(group, "baseline", to_string(target.baseline.kind()));
  file.attribute(group, "baseline_default", target.baseline.default_energy());
}

ModelTarget read_target(const h5::Reader& file, const std::string& group) {
  const auto elements = read_elements(file, group + "/baseline_elements");
  const auto energies = read_finite(file, group + "/baseline_energies");
  if (elements.size() != energies.size())
    throw IoError("as many baseline elements as energies expected in " + group, file.path());
  std::map<int, double> by_element;
  for (std::size_t i = 0; i < elements.size(); ++i)
    by_element[elements[i]] = energies[i];
  return {file.attribute_string(group, "name"),
          Baseline::restore(baseline_kind(file.attribute_string(group, "baseline")), std::move(by_element),
                            finite_attribute(file, group, "baseline_default"))};
}

void write_structures(h5::Writer& file, const std::string& group,
                      const std::vector<structure::Structure>& structures) {
  const auto flat = structure::flatten(structures);
  const auto count = static_cast<std::uint64_t>(structures.size());
  const auto atoms = static_cast<std::uint64_t>(flat.species.size());
  file.write(group + "/offsets", flat.offsets);
  file.write(group + "/species", flat.species);
  file.write(group + "/positions", flat.positions, {atoms, 3});
  file.write(group + "/cells", flat.cells, {count, 3, 3});
  file.write(group + "/periodic", flat.periodic, {count, 3});
}

std::vector<structure::Structure> read_structures(const h5::Reader& file, const std::string& group) {
  return structure::unflatten({file.read_integers(group + "/offsets"), file.read_bytes(group + "/species"),
                               file.read_doubles(group + "/positions"), file.read_doubles(group + "/cells"),
                               file.read_bytes(group + "/periodic")});
}

void write_map(h5::Writer& file, const std::string& group, const std::map<std::string, std::string>& map) {
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : map) {
    keys.push_back(key);
    values.push_back(value);
  }
  file.write(group + "/keys", keys);
  file.write(group + "/values", values);
}

std::map<std::string, std::string> read_map(const h5::Reader& file, const std::string& group) {
  const auto keys = file.read_strings(group + "/keys");
  const auto values = file.read_strings(group + "/values");
  if (keys.size() != values.size())
    throw IoError("as many keys as values expected in " + group, file.path());
  std::map<std::string, std::string> map;
  for (std::size_t i = 0; i < keys.size(); ++i)
    map[keys[i]] = values[i];
  return map;
}

void require_consistent(const Model& model, const std::string& path) {
  if (model.kernels.empty() || model.targets.empty() || model.block < 1)
    throw IoError("a model needs a kernel, a target and a block size", path);
  if (model.coefficients.size() != model.training.size() * model.targets.size())
    throw IoError("one coefficient per training structure and target expected in /training/coefficients",
                  path);
  if (std::any_of(model.training.begin(), model.training.end(),
                  [](const auto& structure) { return structure.size() == 0; }))
    throw IoError("atoms expected in every training structure", path);
  for (const auto& form : model.compact)
    if (form.targets() != static_cast<std::int64_t>(model.targets.size()))
      throw IoError("one compact form per target expected", path);
  if (model.committee.members > 0 && model.compact.empty() != model.committee.forms.empty())
    throw IoError("compact forms of the model and of its committee, or of neither, expected", path);
  for (const auto& reference : model.novelty)
    for (const auto& [structure, row] : reference.rows)
      if (structure < 0 || structure >= static_cast<std::int64_t>(model.training.size()) || row < 0 ||
          row >= static_cast<std::int64_t>(model.training[static_cast<std::size_t>(structure)].size()))
        throw IoError("environments of training structures expected in /novelty", path);
  for (const auto& spec : model.kernels) {
    spec.soap.validate();
    if (spec.zeta < 1)
      throw IoError("zeta >= 1 expected", path);
    if (spec.pairwise && (spec.density || spec.projection || !model.compact.empty()))
      throw IoError("a kernel in sparse form has no contraction and no compact form", path);
  }
}

/// The oldest version that knows all that the model depends on: programs that know only older ones would
/// ignore a species coupling or a radial basis, and predict nonsense.
std::int64_t oldest_schema(const Model& model) {
  std::int64_t version = 1;
  for (const auto& spec : model.kernels)
    version = std::max({version, schema_version_of(spec.soap), std::int64_t{spec.coupling ? 2 : 1}});
  return version;
}

Model read_file(const std::string& path) {
  const h5::Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_string("/", "format") != format_name)
    throw IoError("not a soapstone model (no attribute format = " + std::string(format_name) + ")", path);
  const auto version = file.attribute_integer("/", "schema_version");
  if (version < 1)
    throw IoError("schema version " + std::to_string(version) + ": expected 1 or more", path);
  if (version > model_schema_version)
    throw IoError("schema version " + std::to_string(version) + " is newer than this program's " +
                      std::to_string(model_schema_version) + ": use a newer soapstone",
                  path);
  Model model;
  const auto kernels = file.children("/kernels").size(), targets = file.children("/targets").size();
  for (std::size_t i = 0; i < kernels; ++i)
    model.kernels.push_back(read_kernel(file, "/kernels/" + std::to_string(i + 1)));
  for (std::size_t i = 0; i < targets; ++i)
    model.targets.push_back(read_target(file, "/targets/" + std::to_string(i + 1)));
  model.training = read_structures(file, "/training");
  model.coefficients = read_finite(file, "/training/coefficients");
  model.block = file.attribute_integer("/training", "block");
  model.regularization = finite_attribute(file, "/training", "regularization");
  model.lambda = finite_attribute(file, "/training", "lambda");
  model.backward_error = optional_attribute(file, "/training", "backward_error");
  model.residual = optional_attribute(file, "/training", "residual");
  model.compact = read_compact(file, model.kernels);
  model.committee = read_committee(file, model.kernels, model.training.size(), model.targets.size());
  model.novelty = read_novelty(file, model.kernels.size());
  model.configuration = read_map(file, "/configuration");
  model.provenance = read_map(file, "/provenance");
  require_consistent(model, path);
  return model;
}

} // namespace

std::vector<int> Model::elements() const {
  std::vector<int> common = kernels.empty() ? std::vector<int>{} : kernels.front().elements;
  for (const auto& spec : kernels) {
    std::vector<int> both;
    std::set_intersection(common.begin(), common.end(), spec.elements.begin(), spec.elements.end(),
                          std::back_inserter(both));
    common = both;
  }
  return common;
}

void write_model(const std::string& path, const Model& model) {
  require_consistent(model, path);
  h5::Writer file(path);
  file.attribute("/", "format", format_name);
  file.attribute("/", "schema_version", oldest_schema(model));
  for (std::size_t i = 0; i < model.kernels.size(); ++i)
    write_kernel(file, "/kernels/" + std::to_string(i + 1), model.kernels[i]);
  for (std::size_t i = 0; i < model.targets.size(); ++i)
    write_target(file, "/targets/" + std::to_string(i + 1), model.targets[i]);
  write_structures(file, "/training", model.training);
  file.write(
      "/training/coefficients", model.coefficients,
      {static_cast<std::uint64_t>(model.targets.size()), static_cast<std::uint64_t>(model.training.size())});
  file.attribute("/training", "block", model.block);
  file.attribute("/training", "regularization", model.regularization);
  file.attribute("/training", "lambda", model.lambda);
  if (model.backward_error)
    file.attribute("/training", "backward_error", *model.backward_error);
  if (model.residual)
    file.attribute("/training", "residual", *model.residual);
  write_compact(file, model.compact);
  write_committee(file, model.committee, model.training.size());
  write_novelty(file, model.novelty);
  write_map(file, "/configuration", model.configuration);
  write_map(file, "/provenance", model.provenance);
  file.commit();
}

Model read_model(const std::string& path) {
  try {
    return read_file(path);
  } catch (const Error& error) {
    if (error.code() == ExitCode::io || error.code() == ExitCode::internal)
      throw;
    throw IoError(error.what(), path); // values that no model has: the file is at fault, not the user
  }
}

} // namespace soapstone::regression
