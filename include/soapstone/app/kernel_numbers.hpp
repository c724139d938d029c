// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <vector>

namespace soapstone::app {

/// N of kernel.N.*, in the order of Configuration::kernels; empty where the one kernel has no number.
std::vector<int> kernel_numbers(const Configuration& configuration);

} // namespace soapstone::app
