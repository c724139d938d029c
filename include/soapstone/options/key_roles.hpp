// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace soapstone::options {

/// Returns whether a key changes where and how a run works, not what it finds. Structures count by their
/// contents, not by the names of files.
bool is_about_running(std::string_view key);

/// Returns whether a kernel matrix of given structures is the same whatever the key says.
bool is_about_regression(std::string_view key);

/// Returns whether a key says no more than when an iteration ends, and what is made of its result.
bool is_about_stopping(std::string_view key);

} // namespace soapstone::options
