// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/report/report.hpp"

#include "soapstone/options/about.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace soapstone::report {
namespace {

std::string no_file(const std::string& path) {
  throw IoError("not there", path);
}

options::Configuration configuration() {
  return cli::parse_invocation({"train", "--data.structures", "a.xyz", "--soap.cutoff", "4.5",
                                "--soap.normalize", "off", "--data.train", "100", "--soap.body-order", "2",
                                "--kernel.1.weight", "3"},
                               no_file)
      .configuration;
}

struct ReportFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("soapstone_report_" + std::to_string(::getpid()) + ".json");
  ~ReportFile() { std::filesystem::remove(path); }
};

TEST(Report, the_common_part) {
  // MPI is not initialised in this test: one process stands for itself.
  const Json keys = effective_json(cli::effective_values(configuration()));
  EXPECT_EQ(keys["data.structures"], Json::array({"a.xyz"}));
  EXPECT_EQ(keys["soap.cutoff"], 4.5);
  EXPECT_TRUE(keys["soap.n-max"].is_number_integer());
  EXPECT_EQ(keys["soap.n-max"], 12);
  EXPECT_EQ(keys["soap.normalize"], false);
  EXPECT_EQ(keys["soap.body-order"], 2);
  EXPECT_EQ(keys["data.train"], 100);
  EXPECT_EQ(keys["data.test"], 0);
  EXPECT_EQ(keys["species.channels"], "all");
  EXPECT_EQ(keys["kernel.1.weight"], 3);
  EXPECT_EQ(keys["regression.regularization"], 1e-8);
  EXPECT_EQ(keys.begin().key(), "data.structures"); // table order
}

TEST(Report, ranges_of_a_search_stay_texts) {
  const auto search =
      cli::parse_invocation({"search", "--data.structures", "a.xyz", "--soap.cutoff", "3:5:3"}, no_file)
          .configuration;
  EXPECT_EQ(effective_json(cli::effective_values(search))["soap.cutoff"], "3:5:3");
}

TEST(Report, numbers_that_are_not_finite_become_null_with_a_warning) {
  Json report{{"test", {{"mae", std::nan("")}, {"rmse", 1.5}}},
              {"points", Json::array({1.0, -std::numeric_limits<double>::infinity()})},
              {"warnings", Json::array({"earlier"})}};
  const auto warnings = replace_non_finite(report);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_THAT(warnings[0], testing::StartsWith("test.mae "));
  EXPECT_THAT(warnings[1], testing::StartsWith("points[1] "));
  EXPECT_TRUE(report["test"]["mae"].is_null());
  EXPECT_EQ(report["test"]["rmse"], 1.5);
  EXPECT_TRUE(report["points"][1].is_null());
  EXPECT_EQ(report["warnings"].size(), 3U);
  EXPECT_TRUE(replace_non_finite(report).empty());
}

TEST(Report, is_written_whole_and_read_back_to_the_bit) {
  ReportFile file;
  const double third = 1.0 / 3.0;
  EXPECT_TRUE(write_report(file.path.string(), {{"b", third}, {"a", "Å"}}).empty());
  std::ifstream stream(file.path);
  const Json back = Json::parse(stream);
  EXPECT_EQ(back["b"].get<double>(), third);
  EXPECT_EQ(back["a"], "Å");
  EXPECT_EQ(back.begin().key(), "b"); // in the order written
  EXPECT_EQ(write_report(file.path.string(), {{"x", std::nan("")}}).size(), 1U);
}

TEST(Report, bytes_that_are_no_text_do_not_lose_the_report) {
  ReportFile file;
  EXPECT_NO_THROW(write_report(file.path.string(), {{"file", "a\xFFz"}}));
  std::ifstream stream(file.path);
  EXPECT_TRUE(Json::parse(stream)["file"].is_string());
}

TEST(Report, where_it_cannot_be_written) {
  EXPECT_THROW(write_report("/no/such/folder/r.json", Json::object()), IoError);
  EXPECT_TRUE(write_report("", Json::object()).empty());
}

} // namespace
} // namespace soapstone::report
