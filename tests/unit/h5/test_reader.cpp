// SPDX-License-Identifier: BSD-3-Clause
#include "sample.hpp"
#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"

#include <fstream>
#include <functional>
#include <limits>

#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/stat.h>

namespace soapstone::h5 {
namespace {

class ReaderTest : public testing::Test {
protected:
  ReaderTest() {
    Writer writer(path());
    write_sample(writer, make_sample(40));
    writer.commit();
  }

  std::string path() const { return folder_.file("a.h5"); }

  /// A file made by other means than Writer.
  std::string foreign_file(const std::function<void(hid_t)>& fill) const {
    std::string name = folder_.file("foreign.h5");
    const hid_t file = H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    fill(file);
    EXPECT_GE(H5Fclose(file), 0);
    return name;
  }

  ScratchFolder folder_;
};

TEST(Reader, refuses_a_pipe_without_waiting_for_a_writer) {
  const ScratchFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {pipe, std::string("/dev/zero")})
    EXPECT_THROW(Reader{path}, IoError) << path;
}

/// The IoError that `read` must throw names the file and the object.
void expect_refused(const std::string& path, const std::string& object, const std::function<void()>& read) {
  try {
    read();
    ADD_FAILURE() << object << " was read";
  } catch (const IoError& error) {
    EXPECT_EQ(error.path(), path);
    EXPECT_EQ(std::string(error.what()).rfind(path + ": " + object, 0), 0U) << error.what();
  }
}

void write_simple(hid_t file, const char* name, hid_t file_type, hid_t memory_type, hsize_t size,
                  const void* data) {
  const hid_t space = H5Screate_simple(1, &size, nullptr);
  const hid_t set = H5Dcreate2(file, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (data != nullptr) {
    EXPECT_GE(H5Dwrite(set, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), 0);
  }
  H5Dclose(set);
  H5Sclose(space);
}

TEST_F(ReaderTest, what_exists) {
  const Reader reader(path());
  EXPECT_TRUE(reader.exists("/"));
  EXPECT_TRUE(reader.exists("/model"));
  EXPECT_TRUE(reader.exists("/model/weights"));
  EXPECT_FALSE(reader.exists("/model/other"));
  EXPECT_FALSE(reader.exists("/other/weights"));
  EXPECT_FALSE(reader.exists("/bytes/below_a_data_set"));
  EXPECT_TRUE(reader.is_group("/"));
  EXPECT_TRUE(reader.is_group("/model/features"));
  EXPECT_FALSE(reader.is_group("/model/weights"));
  EXPECT_FALSE(reader.is_group("/other"));
  EXPECT_EQ(reader.children("/model"), (std::vector<std::string>{"features", "weights"}));
  EXPECT_TRUE(reader.has_attribute("/model", "name3"));
  EXPECT_FALSE(reader.has_attribute("/model", "name77"));
  EXPECT_EQ(reader.path(), path());
}

TEST_F(ReaderTest, missing_objects) {
  const Reader reader(path());
  expect_refused(path(), "/nothing", [&] { reader.read_doubles("/nothing"); });
  expect_refused(path(), "/no/thing", [&] { reader.shape("/no/thing"); });
  expect_refused(path(), "/bytes/x", [&] { reader.read_bytes("/bytes/x"); });
  expect_refused(path(), "/nothing", [&] { reader.children("/nothing"); });
  expect_refused(path(), "/bytes", [&] { reader.children("/bytes"); });
  expect_refused(path(), "/model", [&] { reader.read_doubles("/model"); });
  expect_refused(path(), "/nothing", [&] { static_cast<void>(reader.has_attribute("/nothing", "x")); });
  expect_refused(path(), "/model attribute 'x'", [&] { reader.attribute_string("/model", "x"); });
}

TEST_F(ReaderTest, wrong_types) {
  const Reader reader(path());
  expect_refused(path(), "/bytes", [&] { reader.read_doubles("/bytes"); });
  expect_refused(path(), "/model/weights", [&] { reader.read_floats("/model/weights"); });
  expect_refused(path(), "/model/features/single", [&] { reader.read_doubles("/model/features/single"); });
  expect_refused(path(), "/model/weights", [&] { reader.read_integers("/model/weights"); });
  expect_refused(path(), "/integers", [&] { reader.read_bytes("/integers"); });
  expect_refused(path(), "/integers", [&] { reader.read_strings("/integers"); });
  expect_refused(path(), "/texts", [&] { reader.read_doubles("/texts"); });
  expect_refused(path(), "/model attribute 'name1'", [&] { reader.attribute_double("/model", "name1"); });
  expect_refused(path(), "/model attribute 'name1'", [&] { reader.attribute_integer("/model", "name1"); });
}

TEST_F(ReaderTest, wrong_numbers_of_elements) {
  const Reader reader(path());
  expect_refused(path(), "/model/weights", [&] { reader.read_double("/model/weights"); });
  expect_refused(path(), "/integers", [&] { reader.read_integer("/integers"); });
  expect_refused(path(), "/texts", [&] { reader.read_string("/texts"); });
}

TEST_F(ReaderTest, what_is_no_file) {
  EXPECT_THROW(Reader(folder_.file("missing.h5")), IoError);
  EXPECT_THROW(Reader{folder_.file("")}, IoError);
  std::ofstream(folder_.file("empty.h5")).flush();
  EXPECT_THROW(Reader(folder_.file("empty.h5")), IoError);
  std::ofstream(folder_.file("text.h5")) << "3\n\nH 0 0 0\n";
  EXPECT_THROW(Reader(folder_.file("text.h5")), IoError);
  try {
    Reader(folder_.file("missing.h5"));
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos) << error.what();
  }
}

TEST_F(ReaderTest, integers_of_every_type) {
  const std::int8_t small[] = {-128, 127};
  const std::uint16_t middle[] = {0, 65535};
  const std::uint64_t large[] = {1, std::uint64_t{1} << 63};
  const std::int64_t big_endian[] = {-2, std::numeric_limits<std::int64_t>::max()};
  const auto name = foreign_file([&](hid_t file) {
    write_simple(file, "small", H5T_STD_I8LE, H5T_NATIVE_INT8, 2, small);
    write_simple(file, "middle", H5T_STD_U16BE, H5T_NATIVE_UINT16, 2, middle);
    write_simple(file, "large", H5T_STD_U64LE, H5T_NATIVE_UINT64, 2, large);
    write_simple(file, "big_endian", H5T_STD_I64BE, H5T_NATIVE_INT64, 2, big_endian);
  });
  const Reader reader(name);
  EXPECT_EQ(reader.read_integers("/small"), (std::vector<std::int64_t>{-128, 127}));
  EXPECT_EQ(reader.read_integers("/middle"), (std::vector<std::int64_t>{0, 65535}));
  EXPECT_EQ(reader.read_integers("/big_endian"), (std::vector<std::int64_t>{-2, big_endian[1]}));
  expect_refused(name, "/large", [&] { reader.read_integers("/large"); });
}

TEST_F(ReaderTest, types_that_are_never_written) {
  const auto name = foreign_file([&](hid_t file) {
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    const char* value = "variable";
    write_simple(file, "variable", text, text, 1, &value);
    const hid_t pair = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(pair, "a", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(pair, "b", 8, H5T_NATIVE_DOUBLE);
    const double values[] = {1, 2};
    write_simple(file, "pair", pair, pair, 1, values);
    H5Tclose(text);
    H5Tclose(pair);
  });
  const Reader reader(name);
  expect_refused(name, "/variable", [&] { reader.read_strings("/variable"); });
  expect_refused(name, "/pair", [&] { reader.read_doubles("/pair"); });
  EXPECT_THROW(reader.verify(), IoError);
}

// A few bytes of file that claim to be a huge data set must not take the memory.
TEST_F(ReaderTest, data_that_were_never_written) {
  const auto name = foreign_file([&](hid_t file) {
    write_simple(file, "hole", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, hsize_t{1} << 50, nullptr);
    write_simple(file, "monster", H5T_STD_U8LE, H5T_NATIVE_UINT8, hsize_t{1} << 62, nullptr);
  });
  const Reader reader(name);
  expect_refused(name, "/hole", [&] { reader.read_doubles("/hole"); });
  expect_refused(name, "/monster", [&] { reader.read_bytes("/monster"); });
  EXPECT_THROW(reader.verify(), IoError);
}

TEST_F(ReaderTest, groups_that_contain_themselves) {
  const auto name = foreign_file([&](hid_t file) {
    const hid_t group = H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(file, "/group", file, "/group/itself", H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(group);
  });
  EXPECT_THROW(Reader(name).verify(), IoError);
}

TEST_F(ReaderTest, links_that_lead_nowhere) {
  const auto name =
      foreign_file([&](hid_t file) { H5Lcreate_soft("/nowhere", file, "/link", H5P_DEFAULT, H5P_DEFAULT); });
  EXPECT_THROW(Reader(name).read_doubles("/link"), IoError);
  EXPECT_THROW(Reader(name).verify(), IoError);
}

TEST_F(ReaderTest, verify_reads_large_data_sets_in_pieces) {
  const std::string large = folder_.file("large.h5");
  std::vector<double> values(3'000'000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(i);
  Writer writer(large);
  writer.write("/x", values, {1000, 3000});
  writer.write("/y", values, {3'000'000});
  writer.commit();
  EXPECT_NO_THROW(Reader(large).verify());
}

TEST_F(ReaderTest, several_readers_of_one_file) {
  const Reader first(path()), second(path());
  EXPECT_TRUE(read_sample(first) == read_sample(second));
}

} // namespace
} // namespace soapstone::h5
