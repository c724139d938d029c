// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/options/about.hpp"

#include <gmock/gmock.h>

namespace soapstone::options {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(About, version_says_how_the_program_was_built) {
  EXPECT_EQ(version_number(), EXPECTED_VERSION);
  const std::string text = version_text();
  EXPECT_THAT(text, testing::StartsWith("soapstone " EXPECTED_VERSION "\n"));
  EXPECT_THAT(text, ContainsRegex("compiler +[A-Z][A-Za-z]+ [0-9]+"));
  EXPECT_THAT(text, ContainsRegex("build +(Release|Debug|RelWithDebInfo|MinSizeRel)\n"));
  EXPECT_THAT(text, ContainsRegex("flags +-"));
  EXPECT_THAT(text, ContainsRegex("MPI +[A-Z]"));
  EXPECT_THAT(text, ContainsRegex("HDF5 +1\\.[0-9]+\\.[0-9]+ \\(parallel\\)"));
  EXPECT_THAT(text, ContainsRegex("BLAS +[A-Za-z]"));
}

TEST(About, cite_is_bibtex_with_balanced_braces) {
  const std::string text = cite_text();
  EXPECT_THAT(text, HasSubstr("@article{"));
  EXPECT_THAT(text, HasSubstr("10.1039/C8CP05921G"));
  EXPECT_THAT(text, HasSubstr("@software{soapstone"));
  EXPECT_THAT(text, HasSubstr("{" EXPECTED_VERSION "}"));
  int depth = 0;
  for (const char c : text) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    EXPECT_GE(depth, 0);
  }
  EXPECT_EQ(depth, 0);
}

} // namespace
} // namespace soapstone::options
