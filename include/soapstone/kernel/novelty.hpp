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

/// Holds what a Gaussian process with the linear kernel between rows still does not know after it has seen a
/// few reference rows R: the variance of a row p is |p|^2 - |L^-1 R p|^2, L Lᵀ = R Rᵀ + noise, noise 1e-5 of
/// the rows' mean squared length (C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine
/// Learning, MIT Press (2006), eq. 2.26). Large where p leaves the span of the references, and where it lies
/// along directions in which they hardly extend.
class RowVariance {
public:
  /// Takes the rows at `places` among `structures`. `unit_rows`: rows have unit length before a contraction
  /// drops part of them, which then counts as unseen. Throws IoError for a place that is not there,
  /// NumericalError for rows that are all zero.
  RowVariance(const FeatureFunction& features, features::FeatureLayout layout,
              std::span<const structure::Structure> structures, std::span<const RowPlace> places,
              bool unit_rows);

  std::int64_t size() const noexcept { return size_; } ///< references
  /// The largest standard deviation of any row of every structure of a block.
  std::vector<double> deviations(const features::FeatureBlock& block) const;

private:
  std::vector<double> explained(const features::FeatureGroup& group) const; ///< |L^-1 R p|^2 of every row

  features::FeatureLayout layout_;
  std::vector<std::int64_t> starts_; ///< first column of every segment
  std::int64_t width_ = 0, size_ = 0;
  bool unit_rows_ = false;
  std::vector<double> whitened_; ///< L^-1 R, size x width, column-major
};

/// Says how many references are chosen, from how many rows.
struct ReferenceSize {
  std::int64_t rows = 200;                      ///< at most
  std::int64_t candidates = 3000;               ///< rows to choose from, spread over the structures
  std::int64_t memory = std::int64_t{64} << 20; ///< bytes that candidates may take, which lowers their number
};

/// Rows of some structures such that every candidate is near their span: the first is the longest, each
/// further one that farthest from the span of those before it (Cholesky with complete pivoting). Depends on
/// structures, size and seed only.
std::vector<RowPlace> choose_rows(const FeatureFunction& features, const features::FeatureLayout& layout,
                                  std::span<const structure::Structure> structures, const ReferenceSize& size,
                                  std::uint64_t seed);

} // namespace soapstone::kernel
