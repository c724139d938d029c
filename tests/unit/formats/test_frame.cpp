// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/frame.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

using namespace structure;

TEST(Frame, FindsTheLastOfEqualKeys) {
  Frame frame;
  frame.info = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(*frame.find("a"), "3");
  EXPECT_EQ(*frame.find("b"), "2");
  EXPECT_EQ(frame.find("A"), nullptr);
}

TEST(Frame, OpenFramesDetectsTheFormat) {
  const Scratch scratch;
  Frame frame;
  const std::string methane = "1\ngdb 7 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\nC 0 0 0 0.1\n\nC C\ni i\n";
  EXPECT_TRUE(open_frames(scratch.file("a.xyz", methane))->next(frame));
  EXPECT_EQ(*frame.find("U0"), "11");
  EXPECT_TRUE(open_frames(scratch.file("c.xyz", "\n \r\n" + methane))->next(frame));
  EXPECT_EQ(*frame.find("U0"), "11");
  EXPECT_TRUE(open_frames(scratch.file("b.xyz", "1\ngdb=7 U0=5\nC 0 0 0 0.1\n"))->next(frame));
  EXPECT_EQ(*frame.find("U0"), "5");
  EXPECT_THROW(open_frames(scratch.path("b.xyz"), Format::qm9)->next(frame), DataError);
  EXPECT_TRUE(open_frames(scratch.path("a.xyz"), Format::extxyz)->next(frame));
  EXPECT_EQ(*frame.find("gdb"), "T");
}

TEST(Frame, OpenFramesSaysWhyAFileCannotBeOpened) {
  try {
    open_frames("/nonexistent/x.xyz");
    ADD_FAILURE();
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/nonexistent/x.xyz"));
    EXPECT_THAT(error.what(), testing::HasSubstr("No such file"));
  }
}

TEST(Frame, AnEmptyFileHasNoFrames) {
  const Scratch scratch;
  Frame frame;
  EXPECT_FALSE(open_frames(scratch.file("a.xyz", ""))->next(frame));
  EXPECT_FALSE(open_frames(scratch.file("b.xyz", "\n \n"))->next(frame));
  EXPECT_FALSE(open_frames(scratch.file("c.xyz.gz", gzip("")))->next(frame));
  EXPECT_FALSE(open_frames(scratch.file("d.xyz.xz", pack({{"x", ""}}, "xz", true)))->next(frame));
}

} // namespace soapstone::formats
