// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/report.hpp"

#include "soapstone/base/memory.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

namespace soapstone::report {

namespace {

Json known_or_null(double value) {
  return value > 0 ? Json(value) : Json(nullptr);
}

Json stage_report(const workflow::StageSummary& stage) {
  Json report;
  report["name"] = stage.name;
  report["seconds"] = {{"min", stage.min}, {"mean", stage.mean}, {"max", stage.max}};
  report["gflops"] = known_or_null(stage.gflops);
  report["items_per_second"] = known_or_null(stage.rate);
  report["item"] = stage.item_name.empty() ? Json(nullptr) : Json(stage.item_name);
  return report;
}

void replace_below(Json& node, const std::string& path, std::vector<std::string>& warnings) {
  if (node.is_number_float() && !std::isfinite(node.get<double>())) {
    warnings.push_back(path + " is not a finite number; the report has null in its place");
    node = nullptr;
  } else if (node.is_object()) {
    for (auto& [key, value] : node.items())
      replace_below(value, path.empty() ? key : path + "." + key, warnings);
  } else if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i)
      replace_below(node[i], path + "[" + std::to_string(i) + "]", warnings);
  }
}

} // namespace

Json effective_json(const std::vector<options::EffectiveValue>& keys) {
  Json json = Json::object();
  for (const auto& [key, values, repeatable] : keys) {
    Json list = Json::array();
    for (const auto& one : values)
      list.push_back(std::visit([](const auto& value) { return Json(value); }, one));
    json[key] = repeatable ? list : list.front();
  }
  return json;
}

std::map<std::string, std::string> run_texts(const std::vector<options::EffectiveValue>& keys) {
  std::map<std::string, std::string> texts;
  const auto typed = effective_json(keys);
  for (const auto& [key, value] : typed.items())
    texts[key] = value.is_string() ? value.get<std::string>() : value.dump();
  return texts;
}

Json common_report(const parallel::Communicator& comm, const ReportHead& head,
                   const std::vector<workflow::StageSummary>& stages,
                   const std::vector<std::string>& warnings) {
  Json report;
  report["command"] = head.command;
  report["version"] = head.version;
  report["ranks"] = comm.size();
  report["grid"] = head.grid;
  report["stages"] = Json::array();
  for (const auto& stage : stages)
    report["stages"].push_back(stage_report(stage));
  report["peak_memory_bytes"] = parallel::all_reduce(comm, peak_memory_bytes(), MPI_MAX);
  report["effective_configuration"] = effective_json(head.effective);
  report["warnings"] = warnings;
  return report;
}

std::vector<std::string> replace_non_finite(Json& report) {
  std::vector<std::string> warnings;
  replace_below(report, "", warnings);
  for (const auto& warning : warnings)
    report["warnings"].push_back(warning);
  return warnings;
}

std::vector<std::string> write_report(const std::string& path, Json report) {
  if (path.empty())
    return {};
  auto warnings = replace_non_finite(report);
  // Bytes that are no UTF-8 (a file name, say) become replacement characters instead of an exception after
  // hours of work.
  write_text_file(path, report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  return warnings;
}

} // namespace soapstone::report
