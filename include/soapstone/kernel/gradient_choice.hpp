// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::kernel {

/// Holds what the work of kernel_gradient() depends on.
struct GradientSize {
  int zeta = 2;
  double structures = 0, environments = 0; ///< over all ranks
  double numbers = 0;                      ///< of their features: environments times the mean width of a row
  std::int64_t width = 0;                  ///< of a row with all segments
  std::int64_t columns = 0;                ///< of a and b each
  /// a_c and b_c that the forms are made of, each counted by the share of structures where it is not zero.
  double vectors = 0;
};

/// Floating-point operations of a gradient over pairs of environments, as many as four times the kernel's
/// own: 4 E^2 d with E environments of d features. Where segments are absent, at least 4 numbers^2 / width
/// (Cauchy and Schwarz over segments).
double tiled_operations(const GradientSize& size);

/// Returns the same by forms, for zeta = 2: 3 E d^2 for each vector (half of a product to build its form, one
/// to apply another), at least 3 numbers^2 / E; and 4 E d E/N within structures.
double low_rank_operations(const GradientSize& size);

/// Rows that are multiplied by a form at a time: full speed, and scaled copies that stay small.
inline constexpr std::int64_t form_rows_at_once = 1024;

/// Bytes of one form.
std::int64_t form_bytes(const GradientSize& size);

/// Returns how many of the forms, 2 x columns, a rank with so many bytes for them holds at once; 0 where none
/// fits, where pairs take fewer operations, and for zeta != 2: by tiles.
std::int64_t forms_at_once(const GradientSize& size, std::int64_t memory);

/// Returns the bytes that kernel_gradient() takes for the gradients of one kernel within `memory`, of rows of
/// `features` bytes on this rank, in blocks of `block` bytes: those of all rows or of as many as may be held,
/// or forms with one block and what is multiplied of it.
std::int64_t gradient_memory(const GradientSize& size, std::int64_t features, std::int64_t block,
                             std::int64_t memory);

} // namespace soapstone::kernel
