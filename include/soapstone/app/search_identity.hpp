// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/structure/data_set.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::app {

/// Values of everything that results depend on: of the run's keys and program version (see
/// run_texts), and the contents of its data and coupling files.
std::map<std::string, std::string> search_identity(std::map<std::string, std::string> keys,
                                                   const std::vector<KernelOptions>& kernels,
                                                   const structure::DataSet& all);

} // namespace soapstone::app
