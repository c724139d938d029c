// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone {

/// Returns the instructions that this program was compiled to use and that this CPU does not have ("AVX2");
/// null if it has all. Calls nothing and uses none of them itself, so that it may run before anything else.
const char* missing_instructions();

} // namespace soapstone
