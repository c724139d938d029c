// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/prediction_keys.hpp"

#include "expect_config_error.hpp"

namespace soapstone::report {
namespace {

using regression::PredictionWish;
using Names = std::vector<std::string>;

void refuses_targets(const Names& targets, const PredictionWish& wish, const Names& parts) {
  expect_config_error([&] { require_distinct_keys(targets, wish); }, "output", "", parts);
}

TEST(PredictionKeys, targets_whose_keys_meet_are_refused) {
  refuses_targets({"energy", "predicted_energy"}, {},
                  {"'predicted_energy'", "'energy'", "--output FILE.csv"});
  refuses_targets({"predicted_energy", "energy"}, {}, {"'predicted_energy'"});
  refuses_targets({"energy", "energy_unit"}, {}, {"'energy_unit'"});
  for (const char* name : {"index", "pbc", "Lattice", "Properties"})
    refuses_targets({name}, {}, {name});
}

TEST(PredictionKeys, only_what_is_written_meets) {
  const Names uncertain{"energy", "uncertainty_energy"}, novel{"novelty"};
  EXPECT_NO_THROW(require_distinct_keys(uncertain, {}));
  refuses_targets(uncertain, {.uncertainty = true}, {"'uncertainty_energy'"});
  EXPECT_NO_THROW(require_distinct_keys(novel, {}));
  refuses_targets(novel, {.novelty = true}, {"'novelty'"});
  EXPECT_NO_THROW(require_distinct_keys({"energy", "predicted_gap", "a b", "a:b"}, {true, true, false}));
}

TEST(PredictionKeys, arrays_have_no_colon_in_their_name) {
  expect_config_error(
      [] {
        require_distinct_keys({"energy", "a:b"}, {.atoms = true});
      },
      "predict.per-atom", "", {"atomic_a:b", "omit predict.per-atom"});
}

TEST(PredictionKeys, those_of_the_input_that_would_be_misread) {
  for (const char* key : {"index", "novelty", "gap", "predicted_gap", "gap_unit", "gap_scope",
                          "predicted_gap_unit", "uncertainty_gap", "interval_95_gap"})
    EXPECT_TRUE(is_prediction_key(key, {"energy", "gap"})) << key;
  for (const char* key : {"gap", "energy_unit", "smiles", "predicted_"})
    EXPECT_FALSE(is_prediction_key(key, {"e"})) << key;
}

} // namespace
} // namespace soapstone::report
