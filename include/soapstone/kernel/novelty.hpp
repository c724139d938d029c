// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// A row of a structure's features: of one of its atoms, or for zeta = 1 their mean (row 0).
struct RowPlace {
  std::int64_t structure = 0, row = 0;
};

/// The linear span of a few feature rows, and how far other rows are from it: what a kernel over these rows
/// knows of a structure. The distance of a row p is the root of |p|^2 - |Q p|^2, Q an orthonormal basis of
/// the span; for rows of unit length it lies between 0 and 1. It is the standard deviation that a Gaussian
/// process with the linear kernel between rows has left after it has seen the basis (C. E. Rasmussen, C. K.
/// I. Williams, Gaussian Processes for Machine Learning, MIT Press (2006), eq. 2.26 without noise).
class RowSpan {
public:
  /// Of the rows at `places` among `structures`. `unit_rows`: rows have unit length before a contraction
  /// drops part of them, which then counts as outside the span.
  RowSpan(const FeatureFunction& features, soap::FeatureLayout layout,
          std::span<const structure::Structure> structures, std::span<const RowPlace> places, bool unit_rows);

  std::int64_t size() const noexcept { return size_; }
  /// The largest distance of any row of every structure of a block.
  std::vector<double> distances(const soap::FeatureBlock& block) const;

private:
  std::vector<double> squared_projections(const soap::FeatureGroup& group) const;

  soap::FeatureLayout layout_;
  std::vector<std::int64_t> starts_; ///< first column of every segment
  std::int64_t width_ = 0, size_ = 0;
  bool unit_rows_ = false;
  std::vector<double> basis_; ///< Q, size x width, column-major
};

/// How the rows of a span are chosen.
struct SpanSize {
  std::int64_t rows = 200;                      ///< at most
  std::int64_t candidates = 3000;               ///< rows to choose from, spread over the structures
  std::int64_t memory = std::int64_t{64} << 20; ///< bytes that candidates may take, which lowers their number
};

/// Rows of some structures such that every candidate is near their span: the first is the longest, each
/// further one that farthest from the span of those before it (Cholesky with complete pivoting). Depends on
/// structures, size and seed only.
std::vector<RowPlace> choose_rows(const FeatureFunction& features, const soap::FeatureLayout& layout,
                                  std::span<const structure::Structure> structures, const SpanSize& size,
                                  std::uint64_t seed);

} // namespace soapstone::kernel
