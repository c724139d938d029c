// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/regression/krr.hpp"

#include <span>
#include <vector>

namespace soapstone::regression {

/// Training sets of a committee's members. The training set is cut into 8 blocks (which should be random),
/// and every member learns from 4 of them: both sides of the 7 ways to halve 8 things that a Hadamard matrix
/// of order 8 gives. So each structure is unseen by 7 of 14 members, and each pair of blocks is parted by 4
/// of the 7 ways.
inline constexpr std::int64_t committee_blocks = 8;
/// Both sides of 7 ways to halve the blocks.
inline constexpr std::int64_t committee_members = 14;

/// Fewer training structures than this say nothing about their own errors.
inline constexpr std::int64_t least_for_committee = 64;

/// Share of errors that are to be within an error bar: as of a normal distribution within its standard
/// deviation.
inline constexpr double error_bar_share = 0.682689492137086;
/// Share of errors that are to be within the wide interval.
inline constexpr double interval_share = 0.95;

/// Block `block` of n training structures.
IndexRange committee_block(std::int64_t n, std::int64_t block);
/// Returns whether a member learns from a block.
bool committee_learns(std::int64_t member, std::int64_t block);

/// Models of halves of the training set, whose spread says how uncertain the model of all of it is, after F.
/// Musil, M. J. Willatt, M. A. Langovoy, M. Ceriotti, J. Chem. Theory Comput. 15, 906 (2019),
/// doi:10.1021/acs.jctc.8b00959.
struct Committee {
  std::int64_t members = 0;         ///< 0: there is none
  std::vector<double> coefficients; ///< training x (targets x members), member fastest; zero where unseen
  std::vector<double> scales;       ///< of each target: error bar per spread
  std::vector<double> intervals; ///< of each target: half width of the 95 % interval per spread; or not known
  std::vector<kernel::CompactForm> forms; ///< one per kernel, of all columns, or none
};

/// Collective. The members by Cholesky factorisations and inverses of parts of the kernel matrix of a problem
/// that is factorised already: 14 of a half each, together 5.25 times the work of that one.
///
/// `scales` and `intervals` are quantiles of |residual| / spread over the training set, which hold whatever
/// the distribution of errors is, while multiples of a standard deviation hold for a normal one only (errors
/// have heavier tails). Both are those of a structure that was left out: residuals x_i / ((K + lambda
/// I)^-1)_ii by the whole model, whose fit to `targets` (n x k, column-major) `coefficients` are, and
/// likewise the values of those members that have seen the structure. So a new structure's |error| / spread
/// has the same distribution but for one training structure more or less, and the baseline, which is kept.
/// The problem is used up: its inverse stands in its place. Throws NumericalError as the factorisations do.
Committee train_committee(KernelRidge&& problem, const std::vector<double>& coefficients,
                          const std::vector<double>& targets, std::int64_t k, const Progress& progress = {});

/// Returns the bytes that train_committee() takes on a rank beside the matrix: that of half of the
/// structures, and six copies of what the members say of all of them.
std::int64_t committee_memory(std::int64_t n, std::int64_t targets, std::int64_t block,
                              linalg::GridShape grid);

/// The ceil((n + 1) share)-th smallest of n ascending numbers (their largest at most; 0 of none): a further
/// number of the same kind exceeds it in at most 1 - share of cases. Split conformal prediction: V. Vovk, A.
/// Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005), doi:10.1007/b106715.
double conformal_quantile(std::span<const double> sorted, double share);

/// Sample standard deviations over `members` columns of values (n x members, column-major).
std::vector<double> spreads(std::span<const double> values, std::int64_t n, std::int64_t members);

/// Into and out of the group /committee of a model file.
void write_committee(h5::Writer& file, const Committee& committee, std::size_t training);
/// One without members where the file has no committee. Throws IoError for one that does not fit the model or
/// is not finite.
Committee read_committee(const h5::Reader& file, const std::vector<kernel::KernelSpec>& kernels,
                         std::size_t training, std::size_t targets);

} // namespace soapstone::regression
