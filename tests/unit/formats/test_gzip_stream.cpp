// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/gzip_stream.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

namespace {

std::string read(const std::string& bytes, std::size_t step) {
  return drain(*open_gzip(std::make_unique<MemoryStream>(bytes, step), "x.gz"));
}

} // namespace

TEST(GzipStream, MembersAndPaddingInStepsOfAnySize) {
  const std::string text = varied_text(2000);
  const std::string bytes = gzip(text) + gzip("") + gzip("tail") + std::string(1000, '\0');
  for (const std::size_t step : {1ul, 2ul, 17ul, 1000000ul})
    EXPECT_EQ(read(bytes, step), text + "tail") << step;
}

TEST(GzipStream, ChecksumAndLengthCount) {
  const std::string whole = gzip(varied_text(2000));
  for (std::size_t back = 1; back <= 8; ++back) {
    std::string damaged = whole;
    damaged[whole.size() - back] = static_cast<char>(damaged[whole.size() - back] ^ 1);
    EXPECT_THROW(read(damaged, 1000), IoError) << back;
  }
}

TEST(GzipStream, DamagedHeaderOfALaterMemberIsNotTheEnd) {
  std::string second = gzip("b");
  second[0] = 'X';
  EXPECT_THROW(read(gzip("a") + second, 5), IoError);
  EXPECT_THROW(read(gzip("a") + std::string(3, '\0') + "x", 5), IoError);
}

} // namespace soapstone::formats
