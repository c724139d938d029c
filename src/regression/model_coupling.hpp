// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <string>

namespace soapstone::regression {

/// Writes the species coupling of a kernel, if it has one, below its group: data set species_coupling/u
/// (channels x elements) and attributes normalize and form (absent in older files: channels).
void write_coupling(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec);

/// Reads it back into `spec`, whose elements are there already. Throws IoError when it does not fit them.
void read_coupling(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec);

} // namespace soapstone::regression
