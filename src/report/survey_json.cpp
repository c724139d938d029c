// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/survey_report.hpp"

#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/structure/elements.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::report {

using survey::Survey;

namespace {

std::string symbol(int z) {
  return std::string(structure::element_symbol(z));
}

Json to_json(const survey::Range& range) {
  if (range.count == 0)
    return nullptr;
  return {{"min", range.low}, {"median", range.median}, {"max", range.high}};
}

Json to_json(const survey::Histogram& histogram) {
  return {{"low", histogram.low}, {"high", histogram.high}, {"counts", histogram.counts}};
}

Json to_json(const survey::KeySummary& key) {
  Json node{{"name", key.name},
            {"column", key.column},
            {"type", std::string(1, key.type)},
            {"width", key.width},
            {"frames", key.frames},
            {"role", key.role == survey::Role::other ? Json(nullptr) : Json(survey::to_string(key.role))},
            {"numbers", to_json(key.numbers)},
            {"not_finite", key.not_finite},
            {"values", Json::object()}};
  for (const auto& [word, count] : key.words)
    node["values"][word] = count;
  return node;
}

Json to_json(const survey::Duplicates& found) {
  return {{"frames", found.frames},
          {"pairs", found.pairs},
          {"across_files", found.across_files},
          {"across_splits", found.across_splits},
          {"contradictions", found.contradictions},
          {"complete", found.complete}};
}

Json known(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json energies_json(const survey::Collection& data, const Survey& survey) {
  const auto& found = survey.energies;
  Json node{{"key", data.chosen.target},
            {"unit", survey.unit},
            {"scope", survey.per_atom ? "per-atom" : "total"},
            {"known", found.known},
            {"missing", found.missing},
            {"not_finite", found.not_finite},
            {"total", to_json(found.total)},
            {"per_atom", to_json(found.per_atom)},
            {"beyond_composition", to_json(found.beyond)},
            {"deviation", found.deviation},
            {"outliers", found.outliers},
            {"order_correlation", found.order_correlation},
            {"autocorrelation", found.autocorrelation},
            {"explained_as_total", known(found.explained_as_total)},
            {"explained_per_atom", known(found.explained_per_atom)},
            {"elements", Json::object()},
            {"histogram", to_json(found.histogram)},
            {"order", Json::array()}};
  for (const auto& [z, energy] : found.element_energies)
    node["elements"][symbol(z)] = energy;
  for (const auto& bin : found.order)
    node["order"].push_back({bin.first, bin.low, bin.median, bin.high});
  return node;
}

Json forces_json(const survey::Collection& data, const Survey& survey) {
  const auto& found = survey.forces;
  return {{"key", data.chosen.forces},
          {"with", found.with},
          {"without", found.without},
          {"mean", to_json(found.mean)},
          {"largest", to_json(found.largest)},
          {"net", to_json(found.net)},
          {"unbalanced", found.unbalanced.count},
          {"histogram_log10", to_json(found.histogram)}};
}

Json structures_json(const Survey& survey) {
  const auto& found = survey.geometry;
  Json node{{"size", to_json(found.size)},
            {"size_histogram", to_json(found.size_histogram)},
            {"compositions", found.compositions},
            {"periodic", found.periodic},
            {"partly_periodic", found.partly_periodic},
            {"not_periodic", found.not_periodic},
            {"volume_per_atom", to_json(found.volume_per_atom)},
            {"closest", to_json(found.closest)},
            {"closest_histogram", to_json(found.closest_histogram)},
            {"elements", Json::array()}};
  for (const auto& element : found.elements)
    node["elements"].push_back(
        {{"symbol", symbol(element.z)}, {"structures", element.structures}, {"atoms", element.atoms}});
  return node;
}

} // namespace

Json survey_json(const survey::Collection& data, const Survey& survey,
                 const std::vector<workflow::Finding>& findings) {
  Json node;
  node["files"] = Json::array();
  for (std::size_t i = 0; i < data.paths.size(); ++i)
    node["files"].push_back({{"file", data.paths[i]}, {"frames", survey.geometry.frames_of_path[i]}});
  node["frames"] = survey.geometry.frames;
  node["atoms"] = survey.geometry.atoms;
  node["findings"] = Json::array();
  for (const auto& finding : findings)
    node["findings"].push_back({{"severity", to_string(finding.severity)},
                                {"kind", finding.kind},
                                {"count", finding.count},
                                {"text", options::with_keys(finding.text)},
                                {"examples", finding.examples}});
  node["structures"] = structures_json(survey);
  node["energies"] = survey.energies.known > 0 ? energies_json(data, survey) : Json(nullptr);
  node["forces"] = survey.forces.with > 0 ? forces_json(data, survey) : Json(nullptr);
  node["pressure"] = survey.pressure.pairs > 0
                         ? Json{{"key", data.chosen.stress},
                                {"pressure", to_json(survey.pressure.pressure)},
                                {"correlation_with_volume", survey.pressure.correlation}}
                         : Json(nullptr);
  node["duplicates"] = {{"equal", to_json(survey.exact)}, {"near", to_json(survey.near)}};
  node["keys"] = Json::array();
  for (const auto& key : survey.keys)
    node["keys"].push_back(to_json(key));
  return node;
}

} // namespace soapstone::report
