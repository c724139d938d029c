// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

#include <string>
#include <vector>

namespace soapstone::cli {

/// A configuration file that `train` takes: the heading (comment lines), then of `keys`, in their order,
/// those that belong to a model (data, features, kernel, regression) and change something.
std::string model_ini(const std::string& heading, const std::vector<options::EffectiveKey>& keys);

} // namespace soapstone::cli
