// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/learning_curve_report.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/planning/learning_curve_setup.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace soapstone::report {
namespace {

using regression::ErrorSummary;

ErrorSummary errors(double mae, double rmse, std::int64_t count = 5) {
  return {count, mae, rmse, 3 * mae, 10 * mae, 10 * rmse};
}

TEST(LearningCurveReport, means_and_spread_over_repeats) {
  const auto mean = summarize_repeats({errors(0.1, 0.2), errors(0.2, 0.4), errors(0.6, 0.9)});
  EXPECT_DOUBLE_EQ(mean.mae_mean, 0.3);
  EXPECT_DOUBLE_EQ(mean.mae_std, std::sqrt((0.04 + 0.01 + 0.09) / 2));
  EXPECT_DOUBLE_EQ(mean.rmse_mean, 0.5);
  EXPECT_DOUBLE_EQ(mean.mae_per_structure_mean, 3.0);
  EXPECT_EQ(summarize_repeats({errors(0.1, 0.2)}).mae_std, 0);
}

TEST(LearningCurveReport, repeats_without_any_structure_do_not_count) {
  const auto mean = summarize_repeats({errors(0.1, 0.2), errors(0, 0, 0), errors(0.3, 0.2)});
  EXPECT_DOUBLE_EQ(mean.mae_mean, 0.2);
  EXPECT_DOUBLE_EQ(mean.mae_std, std::sqrt(0.02));
  EXPECT_TRUE(std::isnan(summarize_repeats({errors(0, 0, 0)}).mae_mean));
  EXPECT_TRUE(std::isnan(summarize_repeats({}).mae_std));
}

TEST(LearningCurveSetup, default_sizes_halve) {
  EXPECT_THAT(planning::default_sizes(3200), testing::ElementsAre(100, 200, 400, 800, 1600, 3200));
  EXPECT_THAT(planning::default_sizes(9), testing::ElementsAre(1, 2, 5, 9));
  EXPECT_THAT(planning::default_sizes(1), testing::ElementsAre(1));
  EXPECT_EQ(planning::default_sizes(100000).size(), 6U);
}

std::vector<workflow::CurvePoint> two_points() {
  return {{10, {{errors(0.2, 0.3), errors(0.4, 0.5)}, {errors(2, 3), errors(4, 5)}}, {0, 1}},
          {20, {{errors(0.1, 0.2), errors(0.1, 0.2)}, {errors(1, 2), errors(0, 0, 0)}}, {0, 0}}};
}

TEST(LearningCurveReport, json_has_the_keys_of_the_interface) {
  const auto json = curve_json(two_points(), {"energy", "gap"});
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[0]["n_train"], 10);
  EXPECT_EQ(json[0]["repeats"], 2);
  EXPECT_DOUBLE_EQ(json[0]["mae_mean"], 0.3);
  EXPECT_DOUBLE_EQ(json[0]["mae_std"], std::sqrt(0.02));
  EXPECT_DOUBLE_EQ(json[0]["rmse_mean"], 0.4);
  EXPECT_DOUBLE_EQ(json[0]["mae_per_structure_mean"], 3.0);
  EXPECT_EQ(json[0]["values"][1]["repeat"], 2);
  EXPECT_EQ(json[0]["values"][1]["mae"], 0.4);
  EXPECT_EQ(json[0]["values"][1]["left_out"], 1);
  EXPECT_DOUBLE_EQ(json[0]["targets"]["gap"]["mae_mean"], 3.0);
  EXPECT_DOUBLE_EQ(json[1]["targets"]["energy"]["mae_mean"], 0.1);
  EXPECT_FALSE(curve_json(two_points(), {"energy"})[0].contains("targets"));
}

TEST(LearningCurveReport, csv_has_a_row_for_each_size_and_target) {
  const auto lines = split(curve_csv(two_points(), {"energy", "gap"}), '\n');
  ASSERT_EQ(lines.size(), 6U); // the last one is empty
  EXPECT_EQ(lines[0],
            "n_train,target,repeats,mae_mean,mae_std,rmse_mean,mae_per_structure_mean,mae_1,rmse_1,mae_2,"
            "rmse_2");
  EXPECT_EQ(lines[1], "10,energy,2,0.3,0.141421356237,0.4,3,0.2,0.3,0.4,0.5");
  EXPECT_EQ(lines[4], "20,gap,2,1,0,2,10,1,2,,");
}

TEST(LearningCurveReport, names_of_targets_are_fields_of_csv) {
  const auto lines = split(curve_csv(two_points(), {"energy, total", "gap"}), '\n');
  EXPECT_THAT(lines[1], testing::StartsWith("10,\"energy, total\",2,"));
}

TEST(LearningCurveReport, what_could_not_be_predicted_is_left_empty) {
  const std::vector<workflow::CurvePoint> points{{2, {{errors(0, 0, 0)}}, {5}},
                                                 {4, {{errors(0.1, 0.2)}}, {0}}};
  const auto lines = split(curve_csv(points, {"energy"}), '\n');
  EXPECT_EQ(lines[1], "2,energy,1,,,,,,");
  EXPECT_EQ(lines[2], "4,energy,1,0.1,0,0.2,1,0.1,0.2");
  const auto json = curve_json(points, {"energy"});
  EXPECT_TRUE(json[0]["mae_mean"].is_null() && json[0]["values"][0]["mae"].is_null()) << json;
  EXPECT_EQ(json[1]["values"][0]["mae"], 0.1);
  EXPECT_THAT(curve_table(points, {"energy"}),
              testing::HasSubstr("energy            2                 -        -        -          -\n"
                                 "energy            4           100.000    0.000  200.000    1.00000\n"));
}

TEST(LearningCurveReport, table_is_in_meV_per_atom) {
  const auto text = curve_table(two_points(), {"energy"});
  EXPECT_THAT(text, testing::HasSubstr("2 random splits"));
  EXPECT_THAT(text, testing::HasSubstr("energy            10          300.000  141.421  400.000    3.00000"));
}

} // namespace
} // namespace soapstone::report
