// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::cli {

/// `soapstone man`: the manual page soapstone(1) for groff's man macros, from the tables of commands and
/// options. ASCII: other characters are written as groff's escapes.
std::string man_page();

} // namespace soapstone::cli
