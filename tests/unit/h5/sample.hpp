// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"

#include "soapstone/base/random.hpp"

#include <string>
#include <tuple>
#include <vector>

namespace soapstone::h5 {

/// Everything that a file can hold, for tests that compare whole files.
struct Sample {
  std::vector<double> doubles;
  std::vector<float> floats;
  std::vector<std::int64_t> integers, ones;
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> texts;
  std::string text;
  double number = 0;
  std::int64_t count = 0;
  std::vector<std::string> attributes;

  bool operator==(const Sample&) const = default;
};

inline Sample make_sample(std::size_t n) {
  Sample sample;
  CounterRandom random(3);
  for (std::size_t i = 0; i < n; ++i) {
    sample.doubles.push_back(random.normal());
    sample.floats.push_back(static_cast<float>(random.normal()));
    sample.integers.push_back(static_cast<std::int64_t>(random()));
    sample.ones.push_back(-1);
    sample.bytes.push_back(static_cast<std::uint8_t>(random()));
  }
  sample.texts = {"", "H", "C\u03b1", "a longer text with blanks "};
  sample.text = "[data]\ntarget = energy # \u00c5\n";
  sample.number = -1.0 / 3.0;
  sample.count = std::int64_t{1} << 60;
  for (int i = 0; i < 12; ++i) // more than HDF5 keeps in an object's header
    sample.attributes.push_back("attribute number " + std::to_string(i));
  return sample;
}

inline void write_sample(Writer& writer, const Sample& sample) {
  writer.write("/model/weights", sample.doubles, {sample.doubles.size() / 4, 4});
  writer.write("/model/features/single", sample.floats);
  writer.write("/integers", sample.integers);
  writer.write("/ones", sample.ones);
  writer.write("/bytes", sample.bytes);
  writer.write("/texts", sample.texts);
  writer.write("/configuration", sample.text);
  writer.write("/number", sample.number);
  writer.write("/count", sample.count);
  for (std::size_t i = 0; i < sample.attributes.size(); ++i)
    writer.attribute("/model", "name" + std::to_string(i), sample.attributes[i]);
}

inline Sample read_sample(const Reader& reader) {
  Sample sample;
  sample.doubles = reader.read_doubles("/model/weights");
  sample.floats = reader.read_floats("/model/features/single");
  sample.integers = reader.read_integers("/integers");
  sample.ones = reader.read_integers("/ones");
  sample.bytes = reader.read_bytes("/bytes");
  sample.texts = reader.read_strings("/texts");
  sample.text = reader.read_string("/configuration");
  sample.number = reader.read_double("/number");
  sample.count = reader.read_integer("/count");
  for (std::size_t i = 0; i < 12; ++i)
    sample.attributes.push_back(reader.attribute_string("/model", "name" + std::to_string(i)));
  return sample;
}

} // namespace soapstone::h5
