// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/settings.hpp"
#include "soapstone/options/options.hpp"

#include <vector>

namespace soapstone::cli {

/// Returns the options of all kernels: those of kernel.N.*, or of the one kernel without a number. Throws
/// ConfigError where keys of a kernel do not go together, or no kernel has a weight.
std::vector<options::KernelOptions> kernel_options(const Settings& settings);

} // namespace soapstone::cli
