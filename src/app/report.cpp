// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/report.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/app/value.hpp"
#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/memory.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <cmath>

namespace soapstone::app {

namespace {

Json known_or_null(double value) {
  return value > 0 ? Json(value) : Json(nullptr);
}

Json stage_report(const StageSummary& stage) {
  Json report;
  report["name"] = stage.name;
  report["seconds"] = {{"min", stage.min}, {"mean", stage.mean}, {"max", stage.max}};
  report["gflops"] = known_or_null(stage.gflops);
  report["items_per_second"] = known_or_null(stage.rate);
  report["item"] = stage.item_name.empty() ? Json(nullptr) : Json(stage.item_name);
  return report;
}

/// The value as the type it has; ranges of a search stay texts.
Json typed_value(const Assignment& given, const Option& option) {
  if (is_word(given, option) && option.words != "2|3")
    return as_word(given, option);
  try {
    switch (option.kind) {
    case ValueKind::flag:
    case ValueKind::boolean:
      return as_boolean(given, option);
    case ValueKind::number:
      return as_number(given, option);
    case ValueKind::integer:
      return as_integer(given, option);
    default:
      return option.words == "2|3" ? Json::parse(given.value) : Json(given.value);
    }
  } catch (const std::exception&) {
    return given.value;
  }
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

Json effective_configuration(const Configuration& configuration) {
  Json keys = Json::object();
  for (const auto& given : configuration.effective) {
    const auto match = match_key(given.key);
    if (!match) {
      keys[given.key] = given.value;
      continue;
    }
    const Json value = typed_value(given, *match->option);
    if (match->option->repeatable)
      keys[given.key].push_back(value);
    else
      keys[given.key] = value;
  }
  return keys;
}

Json common_report(const parallel::Communicator& comm, const Configuration& configuration,
                   const std::string& grid, const std::vector<StageSummary>& stages,
                   const std::vector<std::string>& warnings) {
  Json report;
  report["command"] = configuration.command;
  report["version"] = version_number();
  report["ranks"] = comm.size();
  report["grid"] = grid;
  report["stages"] = Json::array();
  for (const auto& stage : stages)
    report["stages"].push_back(stage_report(stage));
  report["peak_memory_bytes"] = parallel::all_reduce(comm, peak_memory_bytes(), MPI_MAX);
  report["effective_configuration"] = effective_configuration(configuration);
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
  AtomicFile file(path);
  // Bytes that are no UTF-8 (a file name, say) become replacement characters instead of an exception after
  // hours of work.
  file.write(report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  file.commit();
  return warnings;
}

} // namespace soapstone::app
