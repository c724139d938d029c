// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone {
namespace {

// These numbers are part of the program's interface.
TEST(ExitCodes, are_those_of_the_interface) {
  EXPECT_EQ(static_cast<int>(ExitCode::ok), 0);
  EXPECT_EQ(static_cast<int>(InternalError("x").code()), 1);
  EXPECT_EQ(static_cast<int>(ConfigError("x").code()), 2);
  EXPECT_EQ(static_cast<int>(DataError("x").code()), 3);
  EXPECT_EQ(static_cast<int>(NumericalError("x").code()), 4);
  EXPECT_EQ(static_cast<int>(IoError("x").code()), 5);
  EXPECT_EQ(static_cast<int>(ResourceError("x").code()), 6);
  EXPECT_EQ(static_cast<int>(Stopped("x").code()), 75);
}

TEST(Errors, are_exceptions_of_one_family) {
  EXPECT_THROW(throw IoError("x"), Error);
  EXPECT_THROW(throw Stopped("x"), std::runtime_error);
}

TEST(ConfigErrors, carry_key_and_place) {
  const ConfigError error("unknown key", "soap.cutof", "run.ini:12");
  EXPECT_EQ(error.parameter(), "soap.cutof");
  EXPECT_EQ(error.where(), "run.ini:12");
  EXPECT_STREQ(error.what(), "run.ini:12: unknown key");
  EXPECT_STREQ(ConfigError("no place").what(), "no place");
}

TEST(DataErrors, name_file_frame_and_line) {
  const DataError error("expected a number", {"a.xyz", 12, 345});
  EXPECT_EQ(error.location().file, "a.xyz");
  EXPECT_EQ(error.location().frame, 12);
  EXPECT_EQ(error.location().line, 345);
  EXPECT_EQ(std::string(error.what()), to_string(error.location()) + ": expected a number");
}

TEST(DataLocations, say_what_is_known) {
  for (const char* part : {"a.xyz", "frame 12", "line 345"})
    EXPECT_NE(to_string({"a.xyz", 12, 345}).find(part), std::string::npos) << part;
  EXPECT_NE(to_string({"a.xyz", 0, 0}).find("frame 0"), std::string::npos); // frames count from 0
  EXPECT_EQ(to_string({"a.xyz", -1, 0}), "a.xyz");
  EXPECT_EQ(to_string({"", -1, 7}), "line 7");
  EXPECT_EQ(to_string({}), "");
}

TEST(IoErrors, carry_the_path) {
  EXPECT_EQ(IoError("cannot be read", "a.h5").path(), "a.h5");
  EXPECT_STREQ(IoError("cannot be read", "a.h5").what(), "a.h5: cannot be read");
}

} // namespace
} // namespace soapstone
