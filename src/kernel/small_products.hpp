// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Matrix products that are too small for a BLAS, which copies its operands first.

#include "soapstone/linalg/matrix_view.hpp"

#include <cstdint>

namespace soapstone::kernel {

/// out (without gaps) = Aᵀ B, for few columns that are long.
void small_products(linalg::MatrixView<const double> a, linalg::MatrixView<const double> b, double* out);

/// The columns of out (width x n) are combinations of those of A (width x count), by `coefficients` (count x
/// n, column-major); A and out without gaps.
void combine_columns(std::int64_t width, std::int64_t count, std::int64_t n, const double* a,
                     const double* coefficients, double* out);

} // namespace soapstone::kernel
