// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#ifdef __SANITIZE_ADDRESS__
// HDF5 itself leaks when it meets damage.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}
#endif
