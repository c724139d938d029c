// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Matrix products that are too small for a BLAS, which copies its operands first.

#include <cstdint>

namespace soapstone::kernel {

/// out (m x n, column-major, leading dimension m) = Aᵀ B for the columns, of `depth` numbers, of A and B: for
/// few of them that are long.
void small_products(std::int64_t m, std::int64_t n, std::int64_t depth, const double* a, std::int64_t lda,
                    const double* b, std::int64_t ldb, double* out);

/// The columns of out (width x n) are combinations of those of A (width x count), by `coefficients` (count x
/// n, column-major); A and out without gaps.
void combine_columns(std::int64_t width, std::int64_t count, std::int64_t n, const double* a,
                     const double* coefficients, double* out);

} // namespace soapstone::kernel
