// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/kernel/kernel_sensitivity.hpp"

namespace soapstone::kernel {

/// Collective. What kernel_gradient() finds for zeta = 2, from the low rank of W. With the forms
///     F(v) = sum_B v_B / N_B sum_{k in B} p_k p_k^T                      (CompactForm of degree 2)
///     S_A  = 1/N_A sum_{k in A} p_k p_k^T
/// dL/dp_j = 4 weight / N_A (-1/2 sum_c (a_Ac F(b_c) + b_Ac F(a_c)) + diagonal S_A) p_j: no pairs of
/// structures. At most `forms` of the forms are there at once; `use` then gets the gradient of each block in
/// as many parts as that takes.
double low_rank_gradient(const FeatureStore& store, const features::FeatureLayout& layout,
                         const KernelSensitivity& sensitivity, double weight, std::int64_t forms,
                         const UseGradient& use, const Progress& progress);

} // namespace soapstone::kernel
