// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone::watchdog {

/// Does nothing. A program that calls it has all of interposed_calls.cpp, of which a linker would take
/// nothing out of a static library when MPI's functions are there already.
void link_interposed_calls();

} // namespace soapstone::watchdog
