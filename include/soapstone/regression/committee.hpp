// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/regression/krr.hpp"

#include <functional>
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

/// Block `block` of n training structures.
IndexRange committee_block(std::int64_t n, std::int64_t block);
/// Whether a member learns from a block.
bool committee_learns(std::int64_t member, std::int64_t block);

/// Models of halves of the training set, whose spread says how uncertain the model of all of it is, after F.
/// Musil, M. J. Willatt, M. A. Langovoy, M. Ceriotti, J. Chem. Theory Comput. 15, 906 (2019),
/// doi:10.1021/acs.jctc.8b00959.
struct Committee {
  std::int64_t members = 0;         ///< 0: there is none
  std::vector<double> coefficients; ///< training x (targets x members), member fastest; zero where unseen
  std::vector<double> scales;       ///< of each target: standard deviations of errors per spread
  std::vector<kernel::CompactForm> forms; ///< one per kernel, of all columns, or none
};

/// Collective. The members by Cholesky factorisations of parts of the kernel matrix of a problem that is
/// factorised already: 14 of a half each, 1.75 times the work of that one. `coefficients` of the fit to
/// `targets` (n x k, column-major) and the problem give the leave-one-out residuals x_i / ((K + lambda
/// I)^-1)_ii (theory: exact without refitting, the baseline kept), to which `scales` fit the spread that the
/// members show where they have not seen a structure: the mean of |residual| / uncertainty is that of a
/// normal distribution. The problem is used up: its inverse stands in its place. Throws NumericalError as the
/// factorisations do.
Committee train_committee(KernelRidge&& problem, const std::vector<double>& coefficients,
                          const std::vector<double>& targets, std::int64_t k, const Progress& progress = {});

/// Sample standard deviations over `members` columns of values (n x members, column-major), those for which
/// `counts` says so where it is given.
std::vector<double> spreads(std::span<const double> values, std::int64_t n, std::int64_t members,
                            const std::function<bool(std::int64_t row, std::int64_t member)>& counts = {});

/// Into and out of the group /committee of a model file.
void write_committee(h5::Writer& file, const Committee& committee, std::size_t training);
/// One without members where the file has no committee. Throws IoError for one that does not fit the model or
/// is not finite.
Committee read_committee(const h5::Reader& file, const std::vector<kernel::KernelSpec>& kernels,
                         std::size_t training, std::size_t targets);

} // namespace soapstone::regression
