// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdio>

namespace soapstone {

/// Prints a number that a test measured. scripts/checks/promises.py finds the line in ctest's log and puts
/// the number into the table of promises (tests/README.md), where tests/promises.ini asks for its name. One
/// rank prints.
inline void figure(const char* name, double value) {
  std::printf("FIGURE %s %.6g\n", name, value);
  std::fflush(stdout);
}

} // namespace soapstone
