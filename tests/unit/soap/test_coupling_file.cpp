// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/coupling_file.hpp"

#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

using namespace soapstone::soap;
using soapstone::ConfigError;
using soapstone::DataError;

namespace {

void refused(const std::string& text, std::int64_t line, const std::string& words) {
  try {
    parse_coupling(text, "u.txt");
    ADD_FAILURE() << "accepted: " << text;
  } catch (const DataError& error) {
    EXPECT_EQ(error.location().file, "u.txt");
    EXPECT_EQ(error.location().line, line) << text;
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

} // namespace

TEST(CouplingFile, IsReadInAnyOrderOfElements) {
  const auto coupling =
      parse_coupling("# made by hand\n\n O  H C # columns\n1 2 3\r\n\t-4.5 5e-1 6 # second\n", "u.txt");
  EXPECT_EQ(coupling.elements, (std::vector<int>{1, 6, 8}));
  EXPECT_EQ(coupling.channels(), 2);
  EXPECT_EQ(coupling.u, (std::vector<double>{2, 3, 1, 0.5, 6, -4.5}));
}

TEST(CouplingFile, ComesBackBitForBit) {
  const SpeciesCoupling coupling{{1, 6, 92}, {1.0 / 3, -2e-300, 1e17 / 7, 0, 0.1, 3}, false};
  const auto text = coupling_text(coupling, "two lines\nof comment");
  EXPECT_EQ(text.rfind("# two lines\n# of comment\n", 0), 0u);
  const auto back = parse_coupling(text, "u.txt");
  EXPECT_EQ(back.elements, coupling.elements);
  EXPECT_EQ(back.u, coupling.u);
  EXPECT_EQ(parse_coupling(coupling_text(coupling), "u.txt").u, coupling.u);
}

TEST(CouplingFile, ErrorsNameFileAndLine) {
  refused("", 1, "symbols of the elements");
  refused("# nothing\n", 1, "symbols of the elements");
  refused("\nH C\n", 2, "row of numbers");
  refused("H Cx\n1 2\n", 1, "found 'Cx'");
  refused("1 2\n1 2\n", 1, "found '1'");
  refused("# u\nH C H\n1 2 3\n", 2, "H is given twice");
  refused("H C\n1 2\n\n1 2 3\n", 4, "expected 2 numbers, one for each element, found 3");
  refused("H C\n1\n", 2, "found 1");
  refused("H C\n1 x\n", 2, "found 'x'");
  refused("H C\n1 nan\n", 2, "found 'nan'");
}

TEST(CouplingFile, SelectsColumnsAndRows) {
  const SpeciesCoupling all{{1, 6, 8}, {1, 2, 3, 4, 5, 6}, true};
  const auto some = select_coupling(all, {1, 8}, 1, "u.txt");
  EXPECT_EQ(some.elements, (std::vector<int>{1, 8}));
  EXPECT_EQ(some.u, (std::vector<double>{1, 3}));
  EXPECT_TRUE(some.normalize_before);
  EXPECT_EQ(select_coupling(all, {6}, std::nullopt, "u.txt").u, (std::vector<double>{2, 5}));
  try {
    select_coupling(all, {1, 7}, std::nullopt, "u.txt");
    ADD_FAILURE();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("u.txt has no column for the element N"), std::string::npos);
  }
  EXPECT_THROW(select_coupling(all, {1}, 3, "u.txt"), ConfigError);
}
