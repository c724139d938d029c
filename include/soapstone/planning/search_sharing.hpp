// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/environment_store.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/search/points.hpp"
#include "soapstone/search/record.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::planning {

/// Axes whose keys are expensive to change come first.
void sort_by_cost(std::vector<search::Axis>& axes);

/// Returns what is the same for points that differ in the weights of their kernels alone, and different for
/// others; empty when no weights are searched.
std::string what_weights_share(const search::Grid& grid, const search::Task& task);

/// Returns what points that differ in some of the keys searched have in common with each other, and is worth
/// keeping.
features::EnvironmentStore::Wanted what_points_share(const search::Grid& grid);

/// Bytes that this takes on all ranks together when it is all kept; roughly, before it is computed.
std::int64_t shared_bytes(const std::vector<options::KernelOptions>& kernels, const search::Grid& grid,
                          std::span<const structure::Structure> structures);

/// The part of a rank's memory that is set aside for it.
inline constexpr std::int64_t part_for_sharing = 8; // one in so many bytes

} // namespace soapstone::planning
