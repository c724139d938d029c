// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Returns the values of everything that results depend on: of `keys`, the contents of data and coupling
/// files, and the version of the program.
std::map<std::string, std::string> search_identity(std::map<std::string, std::string> keys,
                                                   const std::vector<options::KernelOptions>& kernels,
                                                   const formats::DataSet& all);

} // namespace soapstone::workflow
