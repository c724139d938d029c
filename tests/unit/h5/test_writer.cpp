// SPDX-License-Identifier: BSD-3-Clause
#include "sample.hpp"
#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const Sample& sample) {
  Writer writer(path);
  write_sample(writer, sample);
  writer.commit();
}

TEST(Writer, everything_comes_back) {
  const ScratchFolder folder;
  for (const std::size_t n : {4, 1000, 300000}) { // the last: several chunks
    const Sample sample = make_sample(n);
    write_file(folder.file("a.h5"), sample);
    const Reader reader(folder.file("a.h5"));
    EXPECT_TRUE(read_sample(reader) == sample) << n;
    EXPECT_EQ(reader.shape("/model/weights"), (Shape{n / 4, 4}));
    reader.verify();
  }
}

TEST(Writer, special_numbers_keep_their_bits) {
  const ScratchFolder folder;
  const std::vector<double> special{0.0,
                                    -0.0,
                                    std::numeric_limits<double>::denorm_min(),
                                    1e308,
                                    std::numeric_limits<double>::infinity(),
                                    std::nan("7")};
  Writer writer(folder.file("a.h5"));
  writer.write("/x", special);
  writer.commit();
  const auto read = Reader(folder.file("a.h5")).read_doubles("/x");
  ASSERT_EQ(read.size(), special.size());
  EXPECT_EQ(std::memcmp(read.data(), special.data(), 8 * special.size()), 0);
}

TEST(Writer, empty_data_sets) {
  const ScratchFolder folder;
  Writer writer(folder.file("a.h5"));
  writer.write("/doubles", std::vector<double>{});
  writer.write("/matrix", std::vector<float>{}, {0, 7});
  writer.write("/integers", std::vector<std::int64_t>{}, {7, 0});
  writer.write("/texts", std::vector<std::string>{});
  writer.write("/text", std::string());
  writer.commit();
  const Reader reader(folder.file("a.h5"));
  reader.verify();
  EXPECT_TRUE(reader.read_doubles("/doubles").empty());
  EXPECT_EQ(reader.shape("/matrix"), (Shape{0, 7}));
  EXPECT_TRUE(reader.read_floats("/matrix").empty());
  EXPECT_EQ(reader.shape("/integers"), (Shape{7, 0}));
  EXPECT_TRUE(reader.read_strings("/texts").empty());
  EXPECT_EQ(reader.read_string("/text"), "");
}

TEST(Writer, every_dimension_up_to_five) {
  const ScratchFolder folder;
  Writer writer(folder.file("a.h5"));
  Shape shape;
  std::vector<std::int32_t> values{0};
  for (std::uint64_t d = 1; d <= 5; ++d) {
    shape.push_back(d + 1);
    values.resize(values.size() * (d + 1));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<std::int32_t>(i * i);
    writer.write("/d" + std::to_string(d), values, shape);
  }
  writer.commit();
  const Reader reader(folder.file("a.h5"));
  EXPECT_EQ(reader.shape("/d5"), shape);
  EXPECT_EQ(reader.read_integers("/d5"), std::vector<std::int64_t>(values.begin(), values.end()));
  EXPECT_EQ(reader.children("/"), (std::vector<std::string>{"d1", "d2", "d3", "d4", "d5"}));
}

TEST(Writer, attributes_of_groups_and_data_sets) {
  const ScratchFolder folder;
  Writer writer(folder.file("a.h5"));
  writer.write("/group/x", 1.0);
  writer.attribute("/", "schema", std::int64_t{-3});
  writer.attribute("/group", "title", std::string("W\u00e4rme"));
  writer.attribute("/group", "empty", std::string());
  writer.attribute("/group/x", "unit", 0.1);
  writer.commit();
  const Reader reader(folder.file("a.h5"));
  EXPECT_EQ(reader.attribute_integer("/", "schema"), -3);
  EXPECT_EQ(reader.attribute_string("/group", "title"), "W\u00e4rme");
  EXPECT_EQ(reader.attribute_string("/group", "empty"), "");
  EXPECT_EQ(reader.attribute_double("/group/x", "unit"), 0.1);
}

TEST(Writer, nothing_is_seen_before_the_commit) {
  const ScratchFolder folder;
  write_file(folder.file("a.h5"), make_sample(8));
  const std::string old = contents(folder.file("a.h5"));
  {
    Writer writer(folder.file("a.h5"));
    write_sample(writer, make_sample(400));
    EXPECT_EQ(contents(folder.file("a.h5")), old);
    EXPECT_EQ(folder.names().size(), 2U); // the temporary file lies beside it
  }
  EXPECT_EQ(contents(folder.file("a.h5")), old);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.h5"});
}

TEST(Writer, equal_contents_make_equal_files) {
  const ScratchFolder folder;
  write_file(folder.file("a.h5"), make_sample(5000));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // time stamps count seconds
  write_file(folder.file("b.h5"), make_sample(5000));
  EXPECT_TRUE(contents(folder.file("a.h5")) == contents(folder.file("b.h5")));
}

TEST(Writer, two_at_once_for_one_target) {
  const ScratchFolder folder;
  Writer first(folder.file("a.h5")), second(folder.file("a.h5"));
  first.write("/x", 1.0);
  second.write("/x", 2.0);
  second.commit();
  first.commit();
  EXPECT_EQ(Reader(folder.file("a.h5")).read_double("/x"), 1.0);
  EXPECT_EQ(folder.names().size(), 1U);
}

TEST(Writer, a_symbolic_link_stays_one) {
  const ScratchFolder folder;
  std::filesystem::create_symlink("real.h5", folder.file("link.h5"));
  write_file(folder.file("link.h5"), make_sample(4));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link.h5")));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder.file("real.h5")));
}

TEST(Writer, moves) {
  const ScratchFolder folder;
  Writer first(folder.file("a.h5"));
  first.write("/x", 1.0);
  Writer second(std::move(first));
  second.commit();
  EXPECT_EQ(Reader(folder.file("a.h5")).read_double("/x"), 1.0);
}

TEST(Writer, misuse_is_an_internal_error) {
  const ScratchFolder folder;
  Writer writer(folder.file("a.h5"));
  EXPECT_THROW(writer.write("/x", std::vector<double>{1, 2, 3}, {2, 2}), InternalError);
  EXPECT_THROW(writer.write("/t", std::string("a\0b", 3)), InternalError);
  writer.write("/x", 1.0);
  EXPECT_THROW(writer.attribute("/x", "long", std::string(70000, 'x')), InternalError);
  EXPECT_THROW(Writer(folder.file("b.h5")).write("no/slash", 1.0), InternalError);
}

TEST(Writer, errors_name_file_and_object) {
  const ScratchFolder folder;
  Writer writer(folder.file("a.h5"));
  writer.write("/group/x", 1.0);
  try {
    writer.write("/group/x", 2.0);
    FAIL() << "written twice";
  } catch (const IoError& error) {
    EXPECT_EQ(std::string(error.what()).rfind(folder.file("a.h5") + ": /group/x: ", 0), 0U) << error.what();
  }
  EXPECT_THROW(Writer(folder.file("b.h5")).attribute("/missing", "a", 1.0), IoError);
}

} // namespace
} // namespace soapstone::h5
