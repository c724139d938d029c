// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <string>

namespace soapstone::regression {

/// Writes the contraction of a kernel, if it has one, below its group.
void write_contraction(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec);

/// Reads it back into `spec`, whose other members are there already. Throws IoError when it does not fit
/// them.
void read_contraction(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec);

} // namespace soapstone::regression
