// SPDX-License-Identifier: BSD-3-Clause
#include "fallback_file.hpp"

#include "file_size_limit.hpp"
#include "scratch_folder.hpp"

#include <cerrno>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

class PatientFileTest : public testing::Test {
protected:
  std::string read_back(FallbackFile& file, std::uint64_t at, std::size_t size) const {
    std::string text(size, '?');
    file.read(at, size, text.data());
    return text;
  }
  std::string path() const { return folder_.file("a"); }
  std::string on_disk() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  ScratchFolder folder_;
  int problem_ = 0;
};

constexpr int create = O_RDWR | O_CREAT | O_EXCL;

TEST_F(PatientFileTest, writes_and_reads_anywhere) {
  {
    FallbackFile file(path().c_str(), create, &problem_);
    ASSERT_TRUE(file.opened());
    file.write(5, 3, "abc", true);
    file.write(6, 1, "B", false);
    EXPECT_EQ(file.size(), 8U);
    EXPECT_EQ(read_back(file, 0, 10), std::string("\0\0\0\0\0aBc\0\0", 10)); // zeros behind the end
    file.resize(7);
    EXPECT_EQ(file.size(), 7U);
  }
  EXPECT_EQ(on_disk(), std::string("\0\0\0\0\0aB", 7));
  EXPECT_EQ(problem_, 0);
}

TEST_F(PatientFileTest, remembers_why_it_could_not_be_opened) {
  const FallbackFile file(folder_.file("missing/a").c_str(), create, &problem_);
  EXPECT_FALSE(file.opened());
  EXPECT_EQ(problem_, ENOENT);
}

TEST_F(PatientFileTest, a_full_disk_is_remembered_and_hidden) {
  FallbackFile file(path().c_str(), create, &problem_);
  {
    const FileSizeLimit full(4);
    file.write(0, 3, "abc", true);
    EXPECT_EQ(problem_, 0);
    file.write(3, 3, "def", true); // one byte still fits
    EXPECT_EQ(problem_, EFBIG);
  }
  file.write(1, 1, "B", true);
  file.write(100, 4, "lost", false); // need not be read again
  file.write(8, 2, "ij", true);
  EXPECT_EQ(read_back(file, 0, 12), std::string("aBcdef\0\0ij\0\0", 12));
  EXPECT_EQ(read_back(file, 100, 4), std::string(4, '\0'));
  file.resize(20);
  EXPECT_EQ(file.size(), 20U);
  EXPECT_EQ(on_disk(), "abcd");
  EXPECT_EQ(problem_, EFBIG); // the first one
}

} // namespace
} // namespace soapstone::h5
