// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/training_report.hpp"

#include "soapstone/workflow/checkpoint_text.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::report {

namespace {

std::int64_t width_of(const kernel::KernelSpec& spec) {
  return kernel::feature_layout(spec).total_width();
}

kernel::KernelSpec uncontracted(kernel::KernelSpec spec) {
  spec.density = nullptr;
  spec.projection = nullptr;
  return spec;
}

} // namespace

Json contraction_json(const std::vector<kernel::KernelSpec>& kernels) {
  Json all = Json::array();
  for (const auto& spec : kernels) {
    if (!spec.density && !spec.projection) {
      all.push_back(nullptr);
      continue;
    }
    all.push_back({{"method", spec.projection ? "pca" : "density"},
                   {"features_before", width_of(uncontracted(spec))},
                   {"features", width_of(spec)},
                   {"residual_variance",
                    spec.projection ? spec.projection->residual_variance : spec.density->residual_variance}});
  }
  return all;
}

Json coupling_json(const std::vector<kernel::KernelSpec>& kernels) {
  Json all = Json::array();
  for (const auto& spec : kernels) {
    if (!spec.coupling) {
      all.push_back(nullptr);
      continue;
    }
    Json u = Json::array(), symbols = Json::array();
    const auto& coupling = *spec.coupling;
    for (int channel = 0; channel < coupling.channels(); ++channel) {
      Json row = Json::array();
      for (std::size_t element = 0; element < coupling.elements.size(); ++element)
        row.push_back(coupling.at(channel, element));
      u.push_back(row);
    }
    for (const int z : coupling.elements)
      symbols.push_back(workflow::element_list({z}));
    all.push_back({{"elements", symbols},
                   {"u", u},
                   {"normalize", coupling.normalize_before ? "before" : "after"},
                   {"form", spec.pairwise ? "sparse" : "channels"}});
  }
  return all;
}

Json solver_json(const workflow::SolverRecord& record) {
  Json json = Json::object();
  if (!record.targets.empty())
    json["targets"] = Json::parse(workflow::to_text(record.targets)); // as checkpoints have them
  if (record.unknowns)
    json["unknowns"] = *record.unknowns;
  if (record.backward_error)
    json["backward_error"] = *record.backward_error;
  if (record.residual_before_refinement) {
    json["residual"] = *record.residual;
    json["residual_before_refinement"] = *record.residual_before_refinement;
  }
  if (record.preconditioner_columns)
    json["preconditioner_columns"] = *record.preconditioner_columns;
  json["name"] = regression::to_string(record.solver);
  return json;
}

Json checkpoint_json(const workflow::CheckpointRecord& record) {
  if (record.file.empty())
    return nullptr;
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"file", record.file}, {"resumed", or_null(record.resumed)}, {"written", or_null(record.written)}};
}

Json rounding_json(const std::optional<workflow::RoundingEffect>& effect) {
  if (!effect)
    return nullptr;
  return {{"mean_ev", effect->mean}, {"max_ev", effect->most}, {"structures", effect->structures}};
}

} // namespace soapstone::report
