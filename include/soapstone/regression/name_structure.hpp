// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace soapstone::regression {

/// Names a structure in messages: position in the training set -> "file, frame 12".
using NameStructure = std::function<std::string(std::int64_t)>;

} // namespace soapstone::regression
