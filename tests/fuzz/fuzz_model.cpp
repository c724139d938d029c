// SPDX-License-Identifier: BSD-3-Clause
// The reader of model files. An input is a whole file (the made seeds), or a text that says how to change a
// sound one: see forge().
#include "forged_file.hpp"
#include "target.hpp"

#include "../unit/regression/small_model.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/kernel/projection.hpp"
#include "soapstone/structure/cell.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace soapstone::fuzz {

namespace {

using regression::Model;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

bool finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// The projection of a kernel's rows to two.
std::shared_ptr<const kernel::Projection> two_features(const kernel::KernelSpec& spec) {
  kernel::Projection projection;
  projection.layout = kernel::feature_layout(spec);
  projection.width_in = projection.layout.total_width();
  projection.width = 2;
  projection.matrix.assign(static_cast<std::size_t>(2 * projection.width_in), 0.1);
  projection.variances = {0.9, 0.1};
  return std::make_shared<const kernel::Projection>(projection);
}

/// Compact forms of all kernels with as many columns.
std::vector<kernel::CompactForm> forms_of(const Model& model, std::int64_t columns) {
  std::vector<kernel::CompactForm> forms;
  for (const auto& spec : model.kernels) {
    forms.emplace_back(spec.zeta, kernel::feature_layout(spec), columns, spec.weight);
    for (std::int64_t t = 0; t < columns; ++t)
      std::fill(forms.back().values(t).begin(), forms.back().values(t).end(), 0.25);
  }
  return forms;
}

/// One of everything that a model can hold.
Model sample() {
  auto model = regression::testing::small_model();
  auto &first = model.kernels[0], &second = model.kernels[1];
  first.coupling =
      std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{first.elements, {0.9, 0.3}, false});
  second.projection = two_features(second);
  model.compact = forms_of(model, 2);
  model.committee = {
      2, std::vector<double>(2 * 2 * model.training.size(), 0.5), {1.5, 2.5}, {4.5, 5.5}, forms_of(model, 4)};
  model.novelty = {{{{3, 0}, {1, 2}}, 0.25}, {{{8, 0}}, 0.5}};
  return model;
}

const std::string& sound_file() {
  static const std::string bytes = [] {
    const ScratchFile file;
    write_model(file.path(), sample());
    return file.content();
  }();
  return bytes;
}

void require_sound(const kernel::KernelSpec& spec) {
  spec.soap.validate();
  require(spec.zeta >= 1 && std::isfinite(spec.weight), "an exponent and a finite weight");
  require(!spec.elements.empty() && std::adjacent_find(spec.elements.begin(), spec.elements.end(),
                                                       std::greater_equal<>()) == spec.elements.end(),
          "elements in order");
  require(spec.elements.front() >= 1 && spec.elements.back() <= 118, "elements from 1 to 118");
  if (spec.coupling)
    spec.coupling->validate();
  if (spec.projection)
    require(finite(spec.projection->matrix) && finite(spec.projection->variances), "a finite contraction");
}

void require_sound(const regression::Committee& committee, const Model& model) {
  if (committee.members == 0)
    return;
  const auto columns = committee.members * static_cast<std::int64_t>(model.targets.size());
  require(committee.coefficients.size() == model.training.size() * at(columns) &&
              finite(committee.coefficients),
          "a finite coefficient for every structure, target and member");
  const auto require_factors = [&](const std::vector<double>& factors) {
    require(factors.size() == model.targets.size() && finite(factors) &&
                std::all_of(factors.begin(), factors.end(), [](double x) { return x >= 0; }),
            "a factor that is not negative for every target");
  };
  require_factors(committee.scales);
  if (!committee.intervals.empty())
    require_factors(committee.intervals);
  require(committee.forms.size() == model.compact.size(), "compact forms of the committee and of the model");
  for (const auto& form : committee.forms)
    require(form.targets() == columns, "a compact form for every member");
}

void require_sound(const Model& model) {
  require(!model.kernels.empty() && !model.targets.empty() && model.block >= 1,
          "kernels, targets, a block size");
  for (const auto& spec : model.kernels)
    require_sound(spec);
  for (const auto& target : model.targets) {
    require(std::isfinite(target.baseline.default_energy()), "a finite baseline");
    for (const auto& [z, energy] : target.baseline.element_energies())
      require(z >= 1 && z <= 118 && std::isfinite(energy), "finite energies of elements");
  }
  for (const auto& s : model.training) {
    require(!s.species.empty() && structure::cell_defect(s.cell).empty(), "atoms, and a cell without defect");
    for (const auto& position : s.positions)
      require(finite(position), "finite coordinates");
  }
  require(model.coefficients.size() == model.training.size() * model.targets.size() &&
              finite(model.coefficients),
          "a finite coefficient for every structure and target");
  require(model.compact.empty() || model.compact.size() == model.kernels.size(),
          "compact forms for all kernels");
  for (const auto& form : model.compact)
    for (std::int64_t t = 0; t < form.targets(); ++t)
      require(finite(form.values(t)) && std::isfinite(form.weight()), "finite compact forms");
  require_sound(model.committee, model);
  require(model.novelty.empty() || model.novelty.size() == model.kernels.size(),
          "references for all kernels");
  for (const auto& reference : model.novelty) {
    require(reference.threshold > 0 && std::isfinite(reference.threshold), "a finite threshold above 0");
    for (const auto& [s, row] : reference.rows)
      require(s >= 0 && at(s) < model.training.size() && row >= 0 && at(row) < model.training[at(s)].size(),
              "references that are atoms of the training set");
  }
  require(std::isfinite(model.lambda) && std::isfinite(model.regularization), "a finite regularization");
}

} // namespace

Verdict try_input(const std::string& input) {
  const ScratchFile file;
  const bool whole = input.starts_with("\x89HDF");
  file.fill(whole ? input : sound_file());
  if (!whole)
    forge(file.path(), input);
  try {
    require_sound(regression::read_model(file.path()));
  } catch (const IoError& error) {
    require_clear(error.what(), input);
    require(std::string(error.what()).find(file.path()) != std::string::npos,
            "a message that names the file");
    return Verdict::refused;
  }
  return Verdict::accepted;
}

std::vector<std::string> made_seeds() {
  return {sound_file()};
}

std::vector<std::string> words() {
  return {"attribute ",
          "/kernels/1 ",
          "/kernels/2 ",
          "/targets/1 ",
          "/training ",
          "/compact/1 ",
          "zeta ",
          "weight ",
          "n_max ",
          "l_max ",
          "width ",
          "degree ",
          "block ",
          "lambda ",
          "integer ",
          "number ",
          "text ",
          "byte ",
          "values ",
          "remove ",
          "huge ",
          "/training/coefficients ",
          "/training/offsets ",
          "/training/species ",
          "/training/positions ",
          "/training/cells ",
          "/kernels/1/elements ",
          "/kernels/1/species_coupling/u ",
          "/kernels/2/reduction/matrix ",
          "/kernels/2/reduction/segment_widths ",
          "/compact/1/values ",
          "/committee ",
          "members ",
          "/committee/scales ",
          "/committee/intervals ",
          "/committee/coefficients ",
          "/committee/compact/2/values ",
          "/novelty/1 ",
          "threshold ",
          "/novelty/1/structures ",
          "/novelty/2/rows ",
          "/targets/1/baseline_energies ",
          "nan ",
          "inf ",
          "-1 ",
          "1e308 ",
          "9223372036854775807 ",
          "1099511627776 ",
          "4294967297 ",
          "0 ",
          "\n",
          "cutoff ",
          "gaussian_width "};
}

} // namespace soapstone::fuzz
