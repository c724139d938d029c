// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <type_traits>

namespace soapstone::linalg {

/// A rows x columns matrix in memory of somebody else, column after column, the columns `leading` elements
/// apart. Rows of features, which lie one after the other, are the columns of such a matrix: its transposed.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  std::int64_t rows = 0, columns = 0, leading = 0;

  MatrixView(T* first, std::int64_t rows_, std::int64_t columns_, std::int64_t leading_)
      : data(first), rows(rows_), columns(columns_), leading(leading_) {}
  /// Views a matrix whose columns follow each other.
  MatrixView(T* first, std::int64_t rows_, std::int64_t columns_)
      : MatrixView(first, rows_, columns_, rows_) {}
  operator MatrixView<const T>() const // NOLINT(google-explicit-constructor): as T* to const T*
      requires(!std::is_const_v<T>) {
    return {data, rows, columns, leading};
  }

  T& operator()(std::int64_t row, std::int64_t column) const { return data[row + column * leading]; }
  T* column(std::int64_t j) const { return data + j * leading; }
  /// Views rows x columns of it, from (i, j) on.
  MatrixView block(std::int64_t i, std::int64_t j, std::int64_t rows_, std::int64_t columns_) const {
    return {data + i + j * leading, rows_, columns_, leading};
  }
};

} // namespace soapstone::linalg
