// SPDX-License-Identifier: BSD-3-Clause
#include "model_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace soapstone::regression {

using soap::Field;
using soap::SoapParameters;

namespace {

constexpr int first_schema = 1;

template <typename Value>
void write_field(h5::Writer& file, const std::string& group, const std::string& name, Value value) {
  if constexpr (std::is_enum_v<Value>)
    file.attribute(group, name, to_string(value));
  else if constexpr (std::is_floating_point_v<Value>)
    file.attribute(group, name, value);
  else
    file.attribute(group, name, std::int64_t{value});
}

void read_field(const h5::Reader& file, const std::string& group, const std::string& name, double& value) {
  value = file.attribute_double(group, name);
}
void read_field(const h5::Reader& file, const std::string& group, const std::string& name, int& value) {
  value = attribute_int(file, group, name);
}
void read_field(const h5::Reader& file, const std::string& group, const std::string& name, bool& value) {
  value = file.attribute_integer(group, name) != 0;
}
void read_field(const h5::Reader& file, const std::string& group, const std::string& name,
                soap::RadialBasis& value) {
  value = soap::radial_basis_named(file.attribute_string(group, name));
}

} // namespace

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

int attribute_int(const h5::Reader& file, const std::string& group, const std::string& name) {
  return static_cast<int>(std::clamp<std::int64_t>(file.attribute_integer(group, name), -1, 1 << 20));
}

void write_parameters(h5::Writer& file, const std::string& group, const SoapParameters& parameters) {
  const SoapParameters defaults;
  soap::for_each_field(
      [&](const Field& field, const auto& value, const auto& unset) {
        if (field.schema == first_schema || value != unset)
          write_field(file, group, std::string(field.name), value);
      },
      parameters, defaults);
}

SoapParameters read_parameters(const h5::Reader& file, const std::string& group) {
  SoapParameters parameters;
  soap::for_each_field(
      [&](const Field& field, auto& value) {
        const std::string name(field.name);
        if (field.schema == first_schema || file.has_attribute(group, name))
          read_field(file, group, name, value);
      },
      parameters);
  parameters.validate();
  return parameters;
}

std::int64_t schema_version_of(const SoapParameters& parameters) {
  std::int64_t version = first_schema;
  const SoapParameters defaults;
  soap::for_each_field(
      [&](const Field& field, const auto& value, const auto& unset) {
        version = std::max<std::int64_t>(version, value == unset ? first_schema : field.schema);
      },
      parameters, defaults);
  return version;
}

} // namespace soapstone::regression
