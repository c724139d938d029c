// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/predictions.hpp"

#include "soapstone/base/text.hpp"

#include <gmock/gmock.h>

namespace soapstone::report {
namespace {

using testing::HasSubstr;
using testing::Not;

/// One atom with an energy of 2 eV that is predicted to be 1 eV.
workflow::Predictions predictions_of(const std::vector<std::string>& targets) {
  return {targets, {0}, std::vector<std::vector<double>>(targets.size(), {1.0})};
}

formats::DataSet hydrogen(std::size_t targets, const std::vector<formats::InfoEntry>& info = {}) {
  return {
      {structure::Structure{{1}, {{0, 0, 0}}, {}}}, std::vector<std::vector<double>>(targets, {2.0}), {info}};
}

TEST(Predictions, names_of_columns_are_fields_of_csv) {
  const auto text = predictions_csv(predictions_of({"a,b", "c"}), hydrogen(2));
  EXPECT_EQ(split(text, '\n').front(), "index,n_atoms,\"predicted_a,b\",\"reference_a,b\",\"error_a,b\","
                                       "predicted_c,reference_c,error_c");
}

TEST(Predictions, what_is_written_says_its_unit) {
  const auto text =
      predictions_xyz(predictions_of({"energy"}), hydrogen(1, {{"energy", "7", false},
                                                               {"energy_unit", "hartree", false},
                                                               {"energy_scope", "per-atom", false}}));
  EXPECT_THAT(text, HasSubstr(" predicted_energy=1 energy=2 energy_unit=eV energy_scope=total\n"));
  EXPECT_THAT(text, Not(HasSubstr("hartree")));
}

TEST(Predictions, energies_that_stay_keep_their_unit) {
  const auto text = predictions_xyz(predictions_of({"e"}),
                                    hydrogen(1, {{"energy", "7", false}, {"energy_unit", "hartree", false}}));
  EXPECT_THAT(text,
              HasSubstr(" energy=7 energy_unit=hartree index=0 predicted_e=1 e=2 e_unit=eV e_scope=total\n"));
  EXPECT_THAT(predictions_xyz(predictions_of({"e"}), hydrogen(1)), HasSubstr(" energy_unit=eV\n"));
}

} // namespace
} // namespace soapstone::report
