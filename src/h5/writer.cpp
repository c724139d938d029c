// SPDX-License-Identifier: BSD-3-Clause
#include "checksum.hpp"
#include "data_set.hpp"
#include "new_file.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/h5/file.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::h5 {

namespace {}

struct Writer::Implementation {
  NewFile file;

  explicit Implementation(const std::string& path) : file(path) {}

  void write_raw(const std::string& name, const Shape& shape, hid_t file_type, hid_t memory_type,
                 std::size_t element_size, const void* data, std::uint64_t sum) {
    const Place place{file.path(), name};
    const Shape chunk = chunk_shape(shape, element_size, chunk_bytes);
    Handle set = create_data_set(file.get(), place, file_type, shape, chunk);
    if (elements(shape) > 0)
      check(H5Dwrite(set.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), place,
            "cannot be written");
    write_checksum(set.get(), place, sum);
    if (!set.close()) // writes what the chunk cache still holds
      fail(place, "cannot be written");
  }

  template <typename T>
  void write(const std::string& name, const std::vector<T>& values, Shape shape) {
    if (shape.empty())
      shape = {values.size()};
    expects(elements(shape) == values.size(), "as many values as the shape has");
    file.attempt([&] {
      write_raw(name, shape, file_type<T>(), memory_type<T>(), sizeof(T), values.data(),
                checksum(values.data(), sizeof(T), values.size(), 0));
    });
  }

  template <typename Operation>
  void with_object(const std::string& object, Operation&& operation) {
    file.attempt([&] {
      const Place place{file.path(), object};
      const Handle opened =
          owned(H5Oopen(file.get(), object.c_str(), H5P_DEFAULT), H5Oclose, place, "does not exist");
      operation(opened.get(), place);
    });
  }
};

Writer::Writer(const std::string& path) : implementation_(std::make_unique<Implementation>(path)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;

void Writer::write(const std::string& name, const std::vector<double>& values, Shape shape) {
  implementation_->write(name, values, std::move(shape));
}
void Writer::write(const std::string& name, const std::vector<float>& values, Shape shape) {
  implementation_->write(name, values, std::move(shape));
}
void Writer::write(const std::string& name, const std::vector<std::int64_t>& values, Shape shape) {
  implementation_->write(name, values, std::move(shape));
}
void Writer::write(const std::string& name, const std::vector<std::int32_t>& values, Shape shape) {
  implementation_->write(name, values, std::move(shape));
}
void Writer::write(const std::string& name, const std::vector<std::uint8_t>& values, Shape shape) {
  implementation_->write(name, values, std::move(shape));
}

void Writer::write(const std::string& name, const std::vector<std::string>& values) {
  std::size_t length = 1;
  for (const auto& text : values) {
    expects(text.find('\0') == std::string::npos, "no zero byte in a text");
    length = std::max(length, text.size());
  }
  std::vector<char> buffer(values.size() * length, '\0');
  for (std::size_t i = 0; i < values.size(); ++i)
    std::copy(values[i].begin(), values[i].end(), buffer.begin() + static_cast<std::ptrdiff_t>(i * length));
  implementation_->file.attempt([&] {
    const Handle type = string_type(length, {implementation_->file.path(), name});
    implementation_->write_raw(name, {values.size()}, type.get(), type.get(), length, buffer.data(),
                               checksum(buffer.data(), 1, buffer.size(), 0));
  });
}

void Writer::write(const std::string& name, const std::string& text) {
  write(name, std::vector<std::string>{text});
}
void Writer::write(const std::string& name, double value) {
  write(name, std::vector<double>{value});
}
void Writer::write(const std::string& name, std::int64_t value) {
  write(name, std::vector<std::int64_t>{value});
}

void Writer::attribute(const std::string& object, const std::string& name, const std::string& text) {
  implementation_->with_object(
      object, [&](hid_t opened, const Place& place) { write_text_attribute(opened, place, name, text); });
}
void Writer::attribute(const std::string& object, const std::string& name, double value) {
  implementation_->with_object(object, [&](hid_t opened, const Place& place) {
    write_attribute(opened, place, name, file_type<double>(), memory_type<double>(), &value);
  });
}
void Writer::attribute(const std::string& object, const std::string& name, std::int64_t value) {
  implementation_->with_object(object, [&](hid_t opened, const Place& place) {
    write_attribute(opened, place, name, file_type<std::int64_t>(), memory_type<std::int64_t>(), &value);
  });
}

void Writer::commit() {
  implementation_->file.commit();
}

} // namespace soapstone::h5
