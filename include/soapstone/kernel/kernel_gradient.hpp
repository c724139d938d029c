// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/kernel/kernel_sensitivity.hpp"

#include <functional>
#include <vector>

namespace soapstone::kernel {

/// Says how a gradient is found.
enum class GradientWay {
  fewest_operations, ///< of the two below that which memory allows: see forms_at_once()
  tiles,             ///< pairs of environments
  forms              ///< sums over environments, by the low rank of W: for zeta = 2
};

/// Exponent, weight and memory of one gradient.
struct KernelGradientOptions {
  int zeta = 2;
  double weight = 1.0;
  /// Bytes of gradients, or of forms, that a rank holds at once; it takes as many passes over all features as
  /// that needs (at least one block, or one form, a pass).
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
  GradientWay way = GradientWay::fewest_operations;
};

/// Collective over store.grid().all(). Computes the derivatives of L in the features of `store` through the
/// average kernel K_AB = weight / (N_A N_B) sum_jk (p_j . p_k)^zeta between its structures: with
///     M_jk = zeta (p_j . p_k)^(zeta - 1) weight W_AB / (N_A N_B)
/// dL/dp_j = 2 sum_k M_jk p_k. Every rank computes them tile by tile for its own blocks, while it receives
/// all blocks in turn, so that M never exists as a whole. For zeta = 2 the low rank of W leaves two symmetric
/// forms for each of its columns instead, at a cost that grows as the number of environments and not as its
/// square. The features of a store for zeta = 1 are means over structures, one row each, so that two products
/// with the columns of W suffice. The store must keep structures whole (StoreOptions::part). `layout` is that
/// of the features. Gradients do not depend on the number of ranks, except for rounding where W's low rank is
/// used. Returns, on every rank, sum_AB W_AB K_AB, which is dL/d(weight) weight.
double kernel_gradient(const FeatureStore& store, const features::FeatureLayout& layout,
                       const KernelSensitivity& sensitivity, const KernelGradientOptions& options,
                       const UseGradient& use, const Progress& progress = {});

} // namespace soapstone::kernel
