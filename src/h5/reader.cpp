// SPDX-License-Identifier: BSD-3-Clause
#include "data_set.hpp"
#include "stored_data_set.hpp"
#include "stored_tree.hpp"
#include "verify_tree.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace soapstone::h5 {

using Kind = StoredType::Kind;

namespace {

/// Says what the operating system has against the file before HDF5 says it less well, or, of a pipe that
/// nobody writes to, waits for ever.
void expect_readable(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char byte = 0;
  const bool readable = descriptor >= 0 && read(descriptor, &byte, 1) >= 0;
  const int problem = errno;
  struct stat opened {};
  const bool regular = descriptor >= 0 && fstat(descriptor, &opened) == 0 && S_ISREG(opened.st_mode);
  if (descriptor >= 0)
    close(descriptor);
  if (!readable && problem != EAGAIN) // of a pipe
    throw IoError(std::string("cannot be read: ") + std::strerror(problem), path);
  if (!regular)
    throw IoError("is not a regular file", path);
}

} // namespace

struct Reader::Implementation {
  std::string path;
  Handle file;

  explicit Implementation(const std::string& from) : path(from) {
    silence_library();
    expect_readable(path);
    const Place whole{path, ""};
    file = owned(H5Fopen(path.c_str(), H5F_ACC_RDONLY, file_access(whole).get()), H5Fclose, whole,
                 "is not an HDF5 file, or is damaged");
  }

  Place place(const std::string& name) const {
    return {path, name.empty() || name.front() != '/' ? std::string("/") + name : name};
  }

  StoredDataSet open_set(const std::string& name) const { return {file.get(), place(name)}; }

  template <typename T>
  std::vector<T> read(const std::string& name, Kind kind) const {
    const StoredDataSet set = open_set(name);
    set.expect(kind, sizeof(T));
    std::vector<T> values(set.size());
    set.read(values.data());
    return values;
  }

  template <typename T>
  T number_attribute(const std::string& object, const std::string& name, Kind kind) const {
    T value{};
    std::memcpy(&value, read_attribute(file.get(), place(object), name, kind, sizeof(T)).data(), sizeof(T));
    return value;
  }
};

Reader::Reader(const std::string& path) : implementation_(std::make_unique<Implementation>(path)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;

const std::string& Reader::path() const {
  return implementation_->path;
}

bool Reader::exists(const std::string& name) const {
  return object_exists(implementation_->file.get(), implementation_->place(name));
}

bool Reader::is_group(const std::string& name) const {
  return group_exists(implementation_->file.get(), implementation_->place(name));
}

std::vector<std::string> Reader::children(const std::string& group) const {
  return child_names(implementation_->file.get(), implementation_->place(group));
}

Shape Reader::shape(const std::string& name) const {
  return implementation_->open_set(name).shape();
}

std::vector<double> Reader::read_doubles(const std::string& name) const {
  return implementation_->read<double>(name, Kind::real);
}

std::vector<float> Reader::read_floats(const std::string& name) const {
  return implementation_->read<float>(name, Kind::real);
}

std::vector<std::uint8_t> Reader::read_bytes(const std::string& name) const {
  return implementation_->read<std::uint8_t>(name, Kind::unsigned_integer);
}

std::vector<std::int64_t> Reader::read_integers(const std::string& name) const {
  const StoredDataSet set = implementation_->open_set(name);
  if (set.type().kind != Kind::unsigned_integer)
    set.expect(Kind::signed_integer, 0);
  std::vector<std::byte> bytes(set.size() * set.type().size);
  set.read(bytes.data());
  std::vector<std::int64_t> values(set.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = integer_at(bytes.data() + i * set.type().size, set.type(), set.place());
  return values;
}

std::vector<std::string> Reader::read_strings(const std::string& name) const {
  const StoredDataSet set = implementation_->open_set(name);
  set.expect(Kind::text, 0);
  const std::size_t length = set.type().size;
  std::vector<std::byte> bytes(set.size() * length);
  set.read(bytes.data());
  std::vector<std::string> values(set.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = text_at(bytes.data() + i * length, length);
  return values;
}

std::string Reader::read_string(const std::string& name) const {
  implementation_->open_set(name).expect_single();
  return read_strings(name).front();
}

double Reader::read_double(const std::string& name) const {
  implementation_->open_set(name).expect_single();
  return read_doubles(name).front();
}

std::int64_t Reader::read_integer(const std::string& name) const {
  implementation_->open_set(name).expect_single();
  return read_integers(name).front();
}

bool Reader::has_attribute(const std::string& object, const std::string& name) const {
  const Place place = implementation_->place(object);
  const htri_t found = H5Aexists(open_object(implementation_->file.get(), place).get(), name.c_str());
  if (found < 0)
    fail(place, "its attributes cannot be read, the file is damaged");
  return found > 0;
}

std::string Reader::attribute_string(const std::string& object, const std::string& name) const {
  const auto bytes =
      read_attribute(implementation_->file.get(), implementation_->place(object), name, Kind::text, 0);
  return text_at(bytes.data(), bytes.size());
}

double Reader::attribute_double(const std::string& object, const std::string& name) const {
  return implementation_->number_attribute<double>(object, name, Kind::real);
}

std::int64_t Reader::attribute_integer(const std::string& object, const std::string& name) const {
  return implementation_->number_attribute<std::int64_t>(object, name, Kind::signed_integer);
}

void Reader::verify() const {
  verify_tree(implementation_->file.get(), implementation_->place("/"));
}

} // namespace soapstone::h5
