// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"

#include <cstdint>
#include <span>

namespace soapstone::soap {

/// Columns of one pair of channels in the power spectrum: (l_max + 1) n_max², or (l_max + 1) n_max (n_max +
/// 1) / 2 for a channel with itself.
std::int64_t power_spectrum_width(int n_max, int l_max, bool same_channel);

/// Columns of all pairs of `shape`.
std::int64_t power_spectrum_width(const DensityShape& shape);

/// Power spectrum (eqs. 7, 8 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)) p_{an,bn',l} = (2l + 1)^-1/2
/// sum_m c^a_nlm c^b_n'lm of one environment. Pairs of channels a <= b in lexicographic order; within a pair
/// l slowest, then (n, n'): for a == b only n <= n', and everything off the diagonal times sqrt 2, so that
/// plain dot products are kernels. Returns the sum of squares of `features`.
double power_spectrum(DensityView density, std::span<double> features);

/// Returns the same of contracted coefficients, one channel of kept[l] functions per l (see
/// PackedContraction, whose stride is that of the rows): l slowest, then (q, q') with q <= q', off the
/// diagonal times sqrt 2.
double power_spectrum(std::span<const int> kept, long stride, std::span<const double> contracted,
                      std::span<double> features);

} // namespace soapstone::soap
