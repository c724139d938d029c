// SPDX-License-Identifier: BSD-3-Clause
// Nothing but the headers that CMake puts before it; GoogleTest has main().
