// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace soapstone::features {

/// A run of feature columns that is present as a whole or absent as a whole, e.g. one pair of species
/// channels of the power spectrum. Segments with the same id have the same width and meaning in every block
/// made with the same settings.
struct Segment {
  std::int32_t id;     ///< position in FeatureLayout::widths
  std::int32_t width;  ///< columns
  std::int64_t offset; ///< first column within the group's rows
  bool operator==(const Segment&) const = default;
};

/// Environments whose features occupy the same segments, as a dense row-major matrix (environments x width).
/// Features outside the segments are zero and cost nothing. The environments of one structure are consecutive
/// rows of one group. A large structure may be spread over blocks, each with a part of its environments: such
/// a block has one structure alone.
struct FeatureGroup {
  std::vector<Segment> segments;          ///< ascending id
  std::int64_t width = 0;                 ///< columns = sum of segment widths
  std::vector<std::int32_t> structures;   ///< position of each structure of this group within the block
  std::vector<std::int32_t> environments; ///< number of rows of each of them
  LargeArray<double> values;              ///< sum(environments) x width
  std::int32_t part_of = 0; ///< environments of the one structure of which these are a part; 0: all are here
  std::int64_t rows() const;
  /// Returns N, the number of all environments of the i-th structure.
  std::int32_t size(std::size_t i) const { return part_of > 0 ? part_of : environments[i]; }
};

/// Features of consecutive structures, grouped by the segments that they occupy.
struct FeatureBlock {
  std::int64_t structures = 0;
  std::vector<FeatureGroup> groups;
  std::size_t bytes() const; ///< of the feature values
};

/// Which segments exist for given settings and how wide they are.
struct FeatureLayout {
  std::vector<std::int32_t> widths; ///< per segment id
  std::int64_t total_width() const;
};

/// Returns the rows of `group`, in its order, with zeros for the segments that it lacks: rows() x
/// layout.total_width(), row-major.
std::vector<double> to_dense(const FeatureGroup& group, const FeatureLayout& layout);

/// All features of `block` as a dense row-major matrix (environments in structure order x
/// layout.total_width()), zeros included.
std::vector<double> to_dense(const FeatureBlock& block, const FeatureLayout& layout);

} // namespace soapstone::features
