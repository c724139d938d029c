// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

namespace soapstone::h5 {

/// Lets files opened with this access list be written through FallbackFile. *problem must outlive them.
void use_fallback_files(hid_t access, int* problem, const Place& place);

} // namespace soapstone::h5
