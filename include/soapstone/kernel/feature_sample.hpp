// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"

#include <cstdint>
#include <span>

namespace soapstone::kernel {

/// Says how much of a set of structures a contraction is fitted on.
struct SampleSize {
  std::int64_t structures = 2000;
  std::int64_t rows = 6000; ///< the structures share them evenly
};

/// Which structures those are: at most `count` of `total`, drawn at random, ascending.
std::vector<std::int64_t> draw_structures(std::int64_t total, std::int64_t count, std::uint64_t seed);

/// Feature rows of at most size.structures structures drawn at random, of each of them at most size.rows /
/// structures (at least one), drawn at random too: as many of a large structure as of a small one, since that
/// is how the average kernel weighs them. Grouped by segments; structures are numbered as drawn. Depends on
/// structures, size and seed only.
features::FeatureBlock draw_rows(const FeatureFunction& features,
                                 std::span<const structure::Structure> structures, const SampleSize& size,
                                 std::uint64_t seed);

} // namespace soapstone::kernel
