// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <type_traits>

namespace soapstone::soap {

/// Density coefficients c^a_nlm of one environment as a plain array: element (a, n) of row harmonic_index(l,
/// m) is at row * stride() + a * n_max + n. What follows the channels in a row is padding for whole vectors,
/// whose contents mean nothing.
struct DensityShape {
  int channels;
  int n_max;
  int l_max;
  int rows() const { return (l_max + 1) * (l_max + 1); }
  int stride() const { return (channels * n_max + 15) / 8 * 8; }
  /// Returns the place of the coefficients of a channel in a row; of those of an l in row l^2.
  std::ptrdiff_t offset(int row, int channel = 0) const {
    return static_cast<std::ptrdiff_t>(row) * stride() + static_cast<std::ptrdiff_t>(channel) * n_max;
  }
  std::size_t size() const { return static_cast<std::size_t>(rows()) * static_cast<std::size_t>(stride()); }
  bool operator==(const DensityShape&) const = default;
};

/// The coefficients of one environment, in memory of somebody else: shape.size() numbers.
template <typename T>
struct BasicDensityView {
  DensityShape shape;
  T* values;
  operator BasicDensityView<const T>() const // NOLINT(google-explicit-constructor): as pointers do
      requires(!std::is_const_v<T>) {
    return {shape, values};
  }
  T& operator()(int row, int channel, int n) const { return values[shape.offset(row, channel) + n]; }
};
using DensityView = BasicDensityView<const double>; ///< for reading
using DensityTarget = BasicDensityView<double>;     ///< for writing

} // namespace soapstone::soap
