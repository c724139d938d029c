// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// The form of one structure after the other: S_A = 1/N_A sum_j p_j p_j^T (lower triangle), or for degree 1
// the mean row.

#include "soapstone/kernel/feature_store.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

/// Calls visit(structure, first row, number of rows) for every structure of a block, rows of full width.
template <typename Visit>
void for_structures(const features::FeatureBlock& block, const features::FeatureLayout& layout,
                    Visit&& visit) {
  const auto width = layout.total_width();
  for (const auto& group : block.groups) {
    const auto dense = group.width == width ? std::vector<double>() : features::to_dense(group, layout);
    const double* rows = dense.empty() ? group.values.data() : dense.data();
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      visit(group.structures[s], rows, group.environments[s]);
      rows += group.environments[s] * width;
    }
  }
}

/// Calls visit(b, features) for all my blocks of whole structures, in order.
template <typename Visit>
void for_whole_structures(const FeatureStore& store, Visit&& visit) {
  features::FeatureBlock scratch;
  for (const auto b : store.my_blocks())
    if (!store.run(b).is_part())
      visit(b, store.mine(b, scratch));
}

/// Computes the form of a whole structure from its rows.
void form_of(int degree, const double* rows, std::int64_t count, std::int64_t width,
             std::vector<double>& form);

/// Returns the structures that the store keeps in parts.
std::vector<std::int64_t> structures_in_parts(const FeatureStore& store);

/// Collective. Returns, on all ranks, the form of a structure in parts.
std::vector<double> form_of_parts(const FeatureStore& store, std::int64_t structure, int degree,
                                  const features::FeatureLayout& layout);

} // namespace soapstone::kernel
