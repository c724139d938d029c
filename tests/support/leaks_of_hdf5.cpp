// SPDX-License-Identifier: BSD-3-Clause
// What HDF5 had begun to build of a damaged object, or of one that cannot be written, it loses itself. The
// leak sanitizer, where there is one, asks this function for suppressions besides those of its options.

extern "C" const char* __lsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier)

const char* __lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
  return "leak:libhdf5\n";
}
