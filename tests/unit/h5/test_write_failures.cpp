// SPDX-License-Identifier: BSD-3-Clause
// A disk that is full after any number of bytes, played by the limit on file sizes: the failure is an
// IoError, the old file stays, no temporary file is left, and the process goes on.
#include "file_size_limit.hpp"
#include "sample.hpp"
#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

std::string try_to_write(const std::string& path, const Sample& sample, rlim_t limit) {
  const FileSizeLimit full(limit);
  try {
    Writer writer(path);
    write_sample(writer, sample);
    writer.commit();
    return "";
  } catch (const IoError& error) {
    return error.what();
  }
}

TEST(WriteFailures, a_disk_full_at_any_point_is_an_error_and_keeps_the_old_file) {
  const ScratchFolder folder;
  const std::string path = folder.file("model.h5");
  const Sample old = make_sample(8), sample = make_sample(40000);
  ASSERT_EQ(try_to_write(path, old, RLIM_INFINITY), "");
  ASSERT_EQ(try_to_write(folder.file("size.h5"), sample, RLIM_INFINITY), "");
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(folder.file("size.h5")));
  for (rlim_t limit = 0; limit < size; limit += size / 150) {
    const std::string message = try_to_write(path, sample, limit);
    EXPECT_NE(message, "") << "limit " << limit << " of " << size;
    EXPECT_NE(message.find(path), std::string::npos) << message;
    EXPECT_EQ(folder.names().size(), 2U) << "left behind at limit " << limit;
    EXPECT_TRUE(read_sample(Reader(path)) == old);
  }
  EXPECT_EQ(try_to_write(path, sample, RLIM_INFINITY), ""); // the process is none the worse
  EXPECT_TRUE(read_sample(Reader(path)) == sample);
}

TEST(WriteFailures, a_folder_that_is_missing) {
  const ScratchFolder folder;
  EXPECT_THROW(Writer(folder.file("missing/model.h5")), IoError);
}

TEST(WriteFailures, a_device_is_never_replaced) {
  EXPECT_THROW(Writer("/dev/null"), IoError);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(WriteFailures, no_commit_after_a_failed_write) {
  const ScratchFolder folder;
  Writer writer(folder.file("model.h5"));
  writer.write("/x", 1.0);
  EXPECT_THROW(writer.write("/x", 2.0), IoError);
  EXPECT_ANY_THROW(writer.commit());
  EXPECT_FALSE(std::filesystem::exists(folder.file("model.h5")));
}

} // namespace
} // namespace soapstone::h5
