// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/report/console.hpp"

namespace soapstone::report {

namespace {

std::string table_row(const workflow::StageSummary& stage, double dgemm_gflops) {
  std::string row = format("%-24s %9.3f %9.3f %9.3f", stage.name.c_str(), stage.min, stage.mean, stage.max);
  const std::string rate = rate_text({stage.rate, stage.item_name}, 1);
  if (rate.empty() && !(stage.gflops > 0))
    return row;
  row += format("  %24s", rate.c_str());
  if (stage.gflops > 0)
    row += format(" %9s", short_number(stage.gflops).c_str());
  if (stage.gflops > 0 && dgemm_gflops > 0)
    row += format(" %7.0f %%", 100 * stage.gflops / dgemm_gflops);
  return row;
}

} // namespace

std::string stage_table(const std::vector<workflow::StageSummary>& stages, double dgemm_gflops, int ranks) {
  std::string table = format("%-24s %9s %9s %9s  %24s %9s %9s\n", "seconds over ranks", "min", "mean", "max",
                             "rate", "GFLOP/s", "of DGEMM");
  double total = 0;
  for (const auto& stage : stages) {
    table += table_row(stage, dgemm_gflops * ranks) + "\n";
    total += stage.max;
  }
  return table + format("%-24s %9s %9s %9.3f", "sum of stages", "", "", total);
}

} // namespace soapstone::report
