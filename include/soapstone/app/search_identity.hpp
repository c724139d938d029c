// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/structure/data_set.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::app {

/// Returns the values of everything that results depend on: of `keys`, the contents of data and coupling
/// files, and the version of the program.
std::map<std::string, std::string> search_identity(std::map<std::string, std::string> keys,
                                                   const std::vector<KernelOptions>& kernels,
                                                   const structure::DataSet& all);

} // namespace soapstone::app
