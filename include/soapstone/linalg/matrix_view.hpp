// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace soapstone::linalg {

/// A rows x columns matrix in memory of somebody else, column after column, the columns `leading` elements
/// apart. Rows of features, which lie one after the other, are the columns of such a matrix, its transposed.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  std::int64_t rows = 0, columns = 0, leading = 0;

  MatrixView(T* first, std::int64_t height, std::int64_t width, std::int64_t apart)
      : data(first), rows(height), columns(width), leading(apart) {}
  /// Views a matrix whose columns follow each other.
  MatrixView(T* first, std::int64_t height, std::int64_t width) : MatrixView(first, height, width, height) {}
  operator MatrixView<const T>() const // NOLINT(google-explicit-constructor): as pointers do
      requires(!std::is_const_v<T>) {
    return {data, rows, columns, leading};
  }

  T& operator()(std::int64_t row, std::int64_t column) const { return data[row + column * leading]; }
  std::span<T> column(std::int64_t j) const { return {data + j * leading, static_cast<std::size_t>(rows)}; }
  MatrixView columns_from(std::int64_t first, std::int64_t count) const {
    return {data + first * leading, rows, count, leading};
  }
};

} // namespace soapstone::linalg
