// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone {

/// The larger of two numbers, or NaN if one of them is: std::max(x, NaN) is x, so that the largest of errors
/// would hide the worst of them.
constexpr double max_or_nan(double a, double b) noexcept {
  const bool a_is_nan = a != a; // NOLINT(misc-redundant-expression): std::isnan is no constant expression
  return a_is_nan || a > b ? a : b;
}

} // namespace soapstone
