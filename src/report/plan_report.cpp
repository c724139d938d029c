// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/plan_report.hpp"

#include "soapstone/base/text.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::report {

namespace {

Json checkpoint_json(const planning::KernelCheckpointValue& value) {
  return {{"bytes", value.bytes},
          {"seconds", value.seconds},
          {"recompute_seconds", value.recompute_seconds},
          {"pays", value.pays()}};
}

std::string checkpoint_text(const planning::KernelCheckpointValue& value) {
  return format("a checkpoint of the kernel matrix (--checkpoint) %s: writing and reading its %s takes %s, "
                "computing the matrix again %s\n",
                value.pays() ? "saves time" : "saves no time", format_bytes(value.bytes).c_str(),
                format_duration(value.seconds).c_str(), format_duration(value.recompute_seconds).c_str());
}

Json machine_json(const planning::RunPlan& plan) {
  return {{"ranks", plan.machine.ranks},
          {"grid", format("%dx%d", plan.machine.grid.rows, plan.machine.grid.cols)},
          {"nodes", plan.nodes()},
          {"ranks_per_node", plan.machine.ranks_per_node},
          {"available_bytes_per_rank", plan.machine.memory_per_rank}};
}

} // namespace

Json plan_json(const planning::RunPlan& plan) {
  Json json{{"command", options::name_of(plan.command)}};
  json.update(machine_json(plan));
  json["solver"] = plan.solver.empty() ? Json(nullptr) : Json(plan.solver);
  json["fits"] = plan.need.fits(plan.machine);
  json["program_bytes"] = plan.program;
  json["matrix_bytes"] = plan.need.matrix;
  json["feature_bytes"] = plan.need.features;
  json["gathered_bytes"] = plan.need.gathered;
  json["peak_memory_bytes"] = plan.peak();
  json["seconds"] = plan.seconds();
  if (plan.checkpoint)
    json["kernel_checkpoint"] = checkpoint_json(*plan.checkpoint);
  json["stages"] = Json::array();
  for (const auto& stage : plan.stages)
    json["stages"].push_back({{"name", stage.name}, {"seconds", stage.seconds}, {"bytes", stage.bytes}});
  return json;
}

std::string plan_table(const planning::RunPlan& plan) {
  const auto bytes = [](std::int64_t count) { return format_bytes(static_cast<double>(count)); };
  std::string text = format("plan of %s on %s (%dx%d grid, %s of up to %s)%s%s\n",
                            std::string(options::name_of(plan.command)).c_str(),
                            format_count(plan.machine.ranks, "rank").c_str(), plan.machine.grid.rows,
                            plan.machine.grid.cols, format_count(plan.nodes(), "node").c_str(),
                            format_count(plan.machine.ranks_per_node, "rank").c_str(),
                            plan.solver.empty() ? "" : ", solver ", plan.solver.c_str()) +
                     format("%-20s %14s %16s\n", "stage", "time", "memory per rank");
  for (const auto& stage : plan.stages)
    text += format("%-20s %14s %16s\n", stage.name.c_str(), format_duration(stage.seconds).c_str(),
                   bytes(stage.bytes).c_str());
  text += format("%-20s %14s %16s\n", "total, peak", format_duration(plan.seconds()).c_str(),
                 bytes(plan.peak()).c_str());
  if (plan.checkpoint)
    text += checkpoint_text(*plan.checkpoint);
  return text + format("memory of the program and its structures %s, features %s, matrix %s, rows gathered "
                       "from other ranks %s; available in addition to the program: %s\n",
                       bytes(plan.program).c_str(), bytes(plan.need.features).c_str(),
                       bytes(plan.need.matrix).c_str(), bytes(plan.need.gathered).c_str(),
                       bytes(plan.machine.memory_per_rank).c_str());
}

Json rates_json(const planning::Rates& rates) {
  return {{"structures", rates.structures},
          {"environments", rates.environments},
          {"microseconds_per_environment", rates.environment_seconds * 1e6},
          {"microseconds_per_pair", rates.pair_seconds * 1e6},
          {"tile_gflops", rates.tile_gflops},
          {"dgemm_gflops", rates.dgemm_gflops}};
}

} // namespace soapstone::report
