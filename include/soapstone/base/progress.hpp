// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

namespace soapstone {

/// Called from time to time by long computations with the share done so far, in [0, 1]. May throw Stopped.
using Progress = std::function<void(double)>;

} // namespace soapstone
