// SPDX-License-Identifier: BSD-3-Clause
// The collective part of report.hpp, on several ranks.
#include "soapstone/base/memory.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/report/report.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace soapstone::report {
namespace {

std::string no_file(const std::string& path) {
  throw IoError("not there", path);
}

TEST(CommonReport, holds_what_every_report_holds) {
  const auto world = parallel::Communicator::world();
  const auto configuration =
      cli::parse_invocation({"train", "--data.structures", "a.xyz"}, no_file).configuration;
  const std::size_t bytes = world.rank() == world.size() - 1 ? std::size_t{64} << 20 : 1;
  const std::vector<char> ballast(bytes, 'x'); // the last rank peaks highest
  const std::vector<workflow::StageSummary> stages{{"kernel", 1, 1.5, 2, 90, 1e4, "pairs"},
                                                   {"read", 0.1, 0.2, 0.3, 0, 0, ""}};
  const Json report = common_report(world, {"train", "1.2.3", "1x3", cli::effective_values(configuration)},
                                    stages, {"careful"});
  EXPECT_EQ(ballast.back(), 'x');
  EXPECT_EQ(report["command"], "train");
  EXPECT_EQ(report["version"], "1.2.3");
  EXPECT_EQ(report["ranks"], world.size());
  EXPECT_EQ(report["grid"], "1x3");
  EXPECT_EQ(report["stages"][0]["seconds"], (Json{{"min", 1.0}, {"mean", 1.5}, {"max", 2.0}}));
  EXPECT_EQ(report["stages"][0]["gflops"], 90);
  EXPECT_TRUE(report["stages"][1]["gflops"].is_null());
  EXPECT_EQ(report["effective_configuration"]["soap.cutoff"], 5);
  EXPECT_EQ(report["warnings"], Json::array({"careful"}));
  EXPECT_GE(report["peak_memory_bytes"].get<std::int64_t>(), peak_memory_bytes() / 2);
  EXPECT_GE(report["peak_memory_bytes"].get<std::int64_t>(), std::int64_t{64} << 20);
}

} // namespace
} // namespace soapstone::report
