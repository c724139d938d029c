// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/tar_reader.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

namespace {

const std::vector<std::pair<std::string, std::string>> files{
    {"d/", ""}, {"d/b.xyz", varied_text(300)}, {"a.xyz", "one\n"}, {"empty", ""}};

std::vector<std::pair<std::string, std::string>> read(const std::string& bytes) {
  TarReader reader(std::make_unique<MemoryStream>(bytes, 1000), "x.tar");
  std::vector<std::pair<std::string, std::string>> found;
  std::string name;
  while (auto entry = reader.next(name))
    found.emplace_back(name, drain(*entry));
  return found;
}

} // namespace

TEST(TarReader, FilesInTheOrderOfTheArchive) {
  EXPECT_EQ(read(pack(files, "none")), decltype(files)(files.begin() + 1, files.end()));
}

TEST(TarReader, TruncationIsRefusedWhereverItFalls) {
  const std::string whole = pack({{"a.xyz", varied_text(100)}, {"b.xyz", "b"}}, "none");
  const std::size_t used = whole.find_last_not_of('\0') + 1;
  for (std::size_t length = 512; length <= used; length += 128)
    EXPECT_THROW(read(whole.substr(0, length)), IoError) << length;
}

TEST(TarReader, ADamagedHeaderIsRefused) {
  std::string damaged = pack(files, "none");
  damaged[512 + 20] = static_cast<char>(damaged[512 + 20] ^ 4);
  EXPECT_THROW(read(damaged), IoError);
}

TEST(TarReader, KnowsATarByItsChecksum) {
  const std::string tar = pack(files, "none");
  EXPECT_TRUE(looks_like_tar(tar.substr(0, 512)));
  EXPECT_FALSE(looks_like_tar(tar.substr(0, 511)));
  EXPECT_FALSE(looks_like_tar(varied_text(200).substr(0, 512)));
  EXPECT_FALSE(looks_like_tar(std::string(512, '\0')));
}

} // namespace soapstone::formats
