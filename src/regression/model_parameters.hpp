// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"
#include "soapstone/soap/parameters.hpp"

#include <span>

namespace soapstone::regression {

/// Writes the parameters as attributes of a group. Fields that older schemas do not have are left out where
/// they have their default, so that older programs can still read the file.
void write_parameters(h5::Writer& file, const std::string& group, const soap::SoapParameters& parameters);

/// Throws IoError, and ConfigError for values that make no sense.
soap::SoapParameters read_parameters(const h5::Reader& file, const std::string& group);

/// The oldest schema that has all fields that differ from their defaults.
std::int64_t schema_version_of(const soap::SoapParameters& parameters);

/// Returns whether no number is infinite or NaN.
bool all_finite(std::span<const double> values);

/// An attribute that ought to be a small integer; the nearest of -1 .. 2^20 for others.
int attribute_int(const h5::Reader& file, const std::string& group, const std::string& name);

} // namespace soapstone::regression
