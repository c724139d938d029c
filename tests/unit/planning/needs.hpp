// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// What the tests of needs have in common: structures, features and matrices of known sizes.

#include "allocation_meter.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/features/feature_block.hpp"
#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

namespace soapstone::testing {

inline constexpr std::int64_t number = sizeof(double), atoms = 4, width = 48;
inline constexpr std::int64_t unplanned = std::int64_t{3} << 20; // tiles and small arrays

inline linalg::ProcessGrid whole_grid() {
  const auto world = parallel::Communicator::world();
  return {world, linalg::choose_grid(world.size())};
}

inline std::vector<structure::Structure> structures_of(std::int64_t count) {
  CounterRandom random(1);
  std::vector<structure::Structure> structures(static_cast<std::size_t>(count));
  for (auto& structure : structures)
    for (std::int64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(1);
      structure.positions.push_back({random.normal(), random.normal(), random.normal()});
    }
  return structures;
}

/// One segment of `columns` numbers for each atom.
inline features::FeatureBlock rows_of(std::span<const structure::Structure> structures,
                                      std::int64_t columns = width) {
  features::FeatureBlock block{static_cast<std::int64_t>(structures.size()), {{}}};
  auto& group = block.groups.front();
  group.segments = {{0, static_cast<std::int32_t>(columns), 0}};
  group.width = columns;
  group.values.resize(structures.size() * static_cast<std::size_t>(atoms * columns));
  auto* to = group.values.data();
  for (std::size_t s = 0; s < structures.size(); ++s) {
    group.structures.push_back(static_cast<std::int32_t>(s));
    group.environments.push_back(static_cast<std::int32_t>(atoms));
    for (const auto& r : structures[s].positions)
      for (std::int64_t c = 0; c < columns; ++c)
        *to++ = std::sin(r[0] + r[1] * static_cast<double>(c) + r[2]);
  }
  return block;
}

inline std::int64_t block_bytes(std::int64_t structures, std::int64_t columns = width) {
  return number * structures * atoms * columns;
}

/// A symmetric positive definite matrix with a diagonal of 2.
inline linalg::DistributedMatrix kernel_on(const linalg::ProcessGrid& grid, std::int64_t n,
                                           std::int64_t block) {
  linalg::DistributedMatrix matrix(grid, n, n, block);
  for (std::int64_t j = 0; j < matrix.cols().local_size(); ++j)
    for (std::int64_t i = 0; i < matrix.rows().local_size(); ++i) {
      const auto row = matrix.rows().to_global(i), col = matrix.cols().to_global(j);
      matrix.at_local(i, j) =
          (row == col ? 1 : 0) + std::exp(-0.01 * std::abs(static_cast<double>(row - col)));
    }
  return matrix;
}

/// No rank takes more than the need, and the one that takes most takes a good part of it.
inline void expect_counted(const char* what, const AllocationMeter& meter, std::int64_t need,
                           double least = 0.3) {
  const auto peak = parallel::all_reduce(parallel::Communicator::world(), meter.peak(), MPI_MAX);
  if (parallel::Communicator::world().rank() == 0)
    std::printf("%-24s takes %6.1f MiB of %6.1f planned (%.2f)\n", what, static_cast<double>(peak) / 1048576,
                static_cast<double>(need) / 1048576, static_cast<double>(peak) / static_cast<double>(need));
  EXPECT_LE(peak, need + unplanned) << what;
  EXPECT_GE(static_cast<double>(peak + unplanned), least * static_cast<double>(need)) << what;
}

} // namespace soapstone::testing
