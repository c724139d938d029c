// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/many_files.hpp"

#include "scratch.hpp"

namespace soapstone::formats {

using namespace structure;

namespace {

std::string molecule(int gdb) {
  return "1\ngdb " + std::to_string(gdb) + " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\nC 0 0 0 0.1\n\nC C\ni i\n";
}

std::vector<std::string> read(const std::string& path, Format format = Format::automatic) {
  const auto reader = open_frames(path, format);
  std::vector<std::string> found;
  Frame frame;
  while (reader->next(frame)) {
    found.push_back(*frame.find("gdb"));
    EXPECT_GE(reader->done(), 0);
    EXPECT_LE(reader->done(), 1);
  }
  return found;
}

using Names = std::vector<std::string>;

} // namespace

TEST(ManyFiles, ADirectoryIsReadByName) {
  const Scratch scratch;
  scratch.file("dsgdb9nsd_000003.xyz", molecule(3));
  scratch.file("dsgdb9nsd_000001.xyz", molecule(1));
  scratch.file("dsgdb9nsd_000002.xyz.gz", gzip(molecule(2)));
  scratch.file("readme.txt", "not a molecule\n");
  scratch.file(".hidden.xyz", "not a molecule\n");
  std::filesystem::create_directory(scratch.path("folder.xyz"));
  EXPECT_EQ(read(scratch.folder()), (Names{"1", "2", "3"}));
  EXPECT_EQ(read(scratch.folder(), Format::qm9), (Names{"1", "2", "3"}));
}

TEST(ManyFiles, NamesInCapitalsAreReadAndWhatIsLeftOutIsSaid) {
  const Scratch scratch;
  scratch.file("B.XYZ", molecule(2));
  scratch.file("a.ExtXYZ.GZ", gzip(molecule(1)));
  EXPECT_EQ(open_frames(scratch.folder())->left_out(), "");
  scratch.file("notes.txt", "");
  scratch.file("POSCAR", "");
  std::filesystem::create_directory(scratch.path("sub"));
  EXPECT_EQ(read(scratch.folder()), (Names{"2", "1"}));
  const auto left_out = open_frames(scratch.folder())->left_out();
  EXPECT_TRUE(left_out.starts_with("left out 1 sub-folder (sub) and 2 other files (POSCAR, notes.txt): "))
      << left_out;
}

TEST(ManyFiles, ALinkThatLeadsNowhereIsNamed) {
  const Scratch scratch;
  scratch.file("a.xyz", molecule(1));
  std::filesystem::create_symlink("b.xyz", scratch.path("b.xyz")); // to itself
  try {
    read(scratch.folder());
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_EQ(error.path(), scratch.path("b.xyz"));
  }
}

TEST(ManyFiles, AnArchiveIsReadInItsOrder) {
  const Scratch scratch;
  const std::vector<std::pair<std::string, std::string>> files{
      {"q/", ""},         {"q/b.xyz", molecule(2)}, {"q/a.xyz", molecule(1)},
      {"q/._a.xyz", "x"}, {"index.txt", "x"},       {"c.xyz", "1\ngdb=3\nH 0 0 0\n"}};
  for (const char* filter : {"none", "gzip", "bzip2", "xz"})
    EXPECT_EQ(read(scratch.file("any.name", pack(files, filter))), (Names{"2", "1", "3"})) << filter;
}

TEST(ManyFiles, ErrorsNameTheMember) {
  const Scratch scratch;
  const auto path =
      scratch.file("x.tar.bz2", pack({{"a.xyz", molecule(1)}, {"b.xyz", "1\n\nQ 0 0 0\n"}}, "bzip2"));
  expect_data_error([&] { read(path); }, 0, 3, {"x.tar.bz2:b.xyz", "'Q'"});
}

TEST(ManyFiles, NothingToReadIsAnError) {
  const Scratch scratch;
  EXPECT_THROW(read(scratch.folder()), DataError);
  EXPECT_THROW(read(scratch.file("x.tar", pack({{"readme", "x"}}, "none"))), DataError);
}

TEST(ManyFiles, TruncatedArchivesAreRefused) {
  const Scratch scratch;
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 20; ++i)
    files.emplace_back(std::to_string(i) + ".xyz", molecule(i));
  for (const char* filter : {"none", "gzip", "bzip2", "xz", "zstd"}) {
    const std::string whole = pack(files, filter);
    const std::size_t used = whole.find_last_not_of('\0') + 1;
    for (const std::size_t cut : {1ul, 8ul, 40ul})
      EXPECT_THROW(read(scratch.file("x", whole.substr(0, used - cut))), IoError) << filter << " " << cut;
  }
}

} // namespace soapstone::formats
