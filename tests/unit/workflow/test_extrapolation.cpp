// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/extrapolation.hpp"

#include "recording_log.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/report/extrapolation_json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace soapstone::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Predictions of three structures of five; the second one of these is the input's fourth.
Predictions predictions_with(std::vector<double> novelty) {
  Predictions predictions;
  predictions.positions = {0, 3, 4};
  predictions.novelty = std::move(novelty);
  return predictions;
}

TEST(Extrapolation, is_nothing_where_novelty_is_not_known) {
  EXPECT_FALSE(find_extrapolation(predictions_with({}), 1));
  EXPECT_TRUE(report::extrapolation_json(std::nullopt, predictions_with({})).is_null());
}

TEST(Extrapolation, lists_the_farthest_first) {
  const auto predictions = predictions_with({1.5, 4, 1});
  const auto found = find_extrapolation(predictions, 1);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->places, ElementsAre(1, 0)); // 1 is not beyond 1
  const report::Json json = report::extrapolation_json(found, predictions);
  EXPECT_EQ(json["count"], 2);
  EXPECT_EQ(json["largest"], 4.0);
  EXPECT_EQ(json["structures"][0]["index"], 3);
  EXPECT_TRUE(json.contains("expected_share"));
  EXPECT_FALSE(
      report::extrapolation_json(find_extrapolation(predictions, 2), predictions).contains("expected_share"));
}

TEST(Extrapolation, is_told_or_refused) {
  const auto self = parallel::Communicator::self();
  RecordingLog log;
  const Stages stages(self, log);
  formats::DataSet data;
  data.structures.resize(5);
  const auto predictions = predictions_with({1.5, 4, 1});
  const auto found = find_extrapolation(predictions, 2);
  options::PredictOptions options;
  tell_extrapolation(stages, options, found, predictions, data);
  EXPECT_THAT(log.warnings, ElementsAre(HasSubstr("1 of 3 structures have environments unlike")));
  EXPECT_THAT(log.warnings.front(), HasSubstr("structure 3 ("));
  options.extrapolation = options::OnExtrapolation::error;
  EXPECT_THROW(tell_extrapolation(stages, options, found, predictions, data), DataError);
  log = {};
  tell_extrapolation(stages, options, find_extrapolation(predictions, 9), predictions, data);
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(Extrapolation, needs_a_model_that_can_tell) {
  const regression::Model model; // without references for novelty
  EXPECT_FALSE(measures_novelty({}, model));
  EXPECT_THROW(measures_novelty({.extrapolation = options::OnExtrapolation::error}, model), ConfigError);
  EXPECT_THROW(measures_novelty({.extrapolation = options::OnExtrapolation::column}, model), ConfigError);
  EXPECT_FALSE(measures_novelty({.extrapolation = options::OnExtrapolation::off}, model));
}

} // namespace
} // namespace soapstone::workflow
