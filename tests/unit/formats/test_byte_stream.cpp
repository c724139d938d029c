// SPDX-License-Identifier: BSD-3-Clause
// Compressed files: whole ones are read, damaged ones are refused. The damage is done at every kind of place.
#include "soapstone/formats/decompressed_file.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

namespace {

class Compression : public testing::TestWithParam<const char*> {
protected:
  std::string compressed() const { return pack({{"x", text}}, GetParam(), true); }
  std::string read(const std::string& bytes) const {
    return drain(*open_decompressed(scratch.file("x", bytes)));
  }
  Scratch scratch;
  std::string text = varied_text(8000);
};

} // namespace

TEST_P(Compression, ReadsWhatWasWritten) {
  EXPECT_EQ(read(compressed()), text);
}

TEST_P(Compression, ReadsStreamsOneAfterTheOther) {
  EXPECT_EQ(read(compressed() + compressed()), text + text);
}

TEST_P(Compression, RefusesTruncation) {
  const std::string whole = compressed();
  for (const std::size_t length :
       {whole.size() - 1, whole.size() - 4, whole.size() - 9, whole.size() / 2, std::size_t{30}})
    EXPECT_THROW(read(whole.substr(0, length)), IoError) << length << " of " << whole.size();
}

TEST_P(Compression, RefusesATruncatedSecondStream) {
  const std::string whole = compressed();
  EXPECT_THROW(read(whole + whole.substr(0, whole.size() / 2)), IoError);
  EXPECT_THROW(read(whole + whole.substr(0, 5)), IoError);
}

TEST_P(Compression, RefusesWhatFollowsTheData) {
  EXPECT_THROW(read(compressed() + "more text\n"), IoError);
}

TEST_P(Compression, NeverReadsDamagedDataAsIfTheyWereWhole) {
  if (GetParam() == std::string("zstd"))
    GTEST_SKIP() << "libarchive writes zstd data without the checksum that zstd itself adds";
  const std::string whole = compressed();
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 41) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    try { // a flipped bit in a file name or a time stamp does no harm; but what comes out must be right
      EXPECT_TRUE(read(damaged) == text || damaged.substr(0, 2) != whole.substr(0, 2)) << at;
    } catch (const IoError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 35);
}

INSTANTIATE_TEST_SUITE_P(All, Compression, testing::Values("gzip", "bzip2", "xz", "zstd"));

TEST(ByteStream, PlainFilesPassThrough) {
  const Scratch scratch;
  const std::string text = varied_text(100000);
  const auto stream = open_decompressed(scratch.file("x", text));
  EXPECT_EQ(stream->peek(6), text.substr(0, 6));
  EXPECT_EQ(drain(*stream), text);
  EXPECT_DOUBLE_EQ(stream->done(), 1);
}

TEST(ByteStream, PeekDoesNotConsume) {
  PeekStream stream(std::make_unique<MemoryStream>("abcdefghij", 3));
  EXPECT_EQ(stream.peek(4), "abcd");
  EXPECT_EQ(stream.peek(2), "ab");
  EXPECT_EQ(stream.peek(100), "abcdefghij");
  EXPECT_EQ(drain(stream), "abcdefghij");
  EXPECT_EQ(stream.peek(1), "");
}

TEST(ByteStream, ADirectoryIsNoFile) {
  EXPECT_THROW(drain(*open_decompressed("/")), IoError);
}

} // namespace soapstone::formats
