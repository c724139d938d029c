// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

namespace soapstone::h5 {

/// Reads everything from `place` down, attributes and data sets. Fails at the first damage.
void verify_tree(hid_t file, const Place& place, int depth = 0);

} // namespace soapstone::h5
