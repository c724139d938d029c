// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

/// Says in what features are kept and sent. Sums and products of them are float64 always.
enum class Precision { float64, float32 };

/// The features of a block as they are kept and sent: in float64, or rounded to float32 in half the memory.
class StoredBlock {
public:
  StoredBlock() = default;
  StoredBlock(features::FeatureBlock block, Precision precision);
  /// Makes the block of a message(). Throws InternalError when it is not one.
  explicit StoredBlock(const std::vector<double>& message);

  std::int64_t structures() const noexcept { return block_.structures; }
  std::int64_t rows() const;  ///< of all groups
  std::int64_t bytes() const; ///< of the values

  /// The features in float64: those kept, or what they are expanded to in `scratch`.
  const features::FeatureBlock& expand(features::FeatureBlock& scratch) const;

  /// Returns it as one array for sending: header (integers, exact in doubles), then the values.
  std::vector<double> message() const;
  std::int64_t message_size() const; ///< its length

private:
  features::FeatureBlock block_;            ///< in float32 without values
  std::vector<std::vector<float>> rounded_; ///< values of every group, in float32
};

/// Values rounded to the nearest float32.
void round_to_float(features::FeatureBlock& block);

/// The first `count` structures of a block.
features::FeatureBlock leading_structures(const features::FeatureBlock& block, std::int64_t count);

} // namespace soapstone::kernel
