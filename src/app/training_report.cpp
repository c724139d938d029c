// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/training_report.hpp"

#include "soapstone/app/load_data.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

namespace {

std::int64_t width_of(const kernel::KernelSpec& spec) {
  return kernel::feature_layout(spec).total_width();
}

kernel::KernelSpec uncontracted(kernel::KernelSpec spec) {
  spec.density = nullptr;
  spec.reduction = nullptr;
  return spec;
}

Json targets_json(const std::vector<TargetIterations>& targets) {
  Json list = Json::array();
  for (const auto& target : targets) {
    Json history = Json::array();
    for (const auto& record : target.history)
      history.push_back({{"iteration", record.iteration},
                         {"residual", record.residual},
                         {"prediction_change", record.prediction_change}});
    list.push_back({{"name", target.name},
                    {"iterations", target.history.size()},
                    {"converged", target.converged},
                    {"residual", target.residual},
                    {"history", std::move(history)}});
  }
  return list;
}

} // namespace

Json contraction_json(const std::vector<kernel::KernelSpec>& kernels) {
  Json all = Json::array();
  for (const auto& spec : kernels) {
    if (!spec.density && !spec.reduction) {
      all.push_back(nullptr);
      continue;
    }
    all.push_back({{"method", spec.reduction ? "pca" : "density"},
                   {"features_before", width_of(uncontracted(spec))},
                   {"features", width_of(spec)},
                   {"residual_variance",
                    spec.reduction ? spec.reduction->residual_variance : spec.density->residual_variance}});
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
      symbols.push_back(element_list({z}));
    all.push_back({{"elements", symbols},
                   {"u", u},
                   {"normalize", coupling.normalize_before ? "before" : "after"},
                   {"form", spec.sparse ? "sparse" : "channels"}});
  }
  return all;
}

Json solver_json(const SolverRecord& record) {
  Json json = Json::object();
  if (!record.targets.empty())
    json["targets"] = targets_json(record.targets);
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

Json checkpoint_json(const CheckpointRecord& record) {
  if (record.file.empty())
    return nullptr;
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"file", record.file}, {"resumed", or_null(record.resumed)}, {"written", or_null(record.written)}};
}

Json rounding_json(const std::optional<RoundingEffect>& effect) {
  if (!effect)
    return nullptr;
  return {{"mean_ev", effect->mean}, {"max_ev", effect->most}, {"structures", effect->structures}};
}

} // namespace soapstone::app
