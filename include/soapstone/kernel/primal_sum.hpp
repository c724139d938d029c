// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/kernel/primal_rows.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// One kernel of a sum w_1 K_1 + w_2 K_2 + ..., with exponent 1 or 2, as the solvers see it that work on
/// features. The store outlives the term.
struct PrimalTerm {
  const FeatureStore* store;
  int degree; ///< exponent: 1 or 2
  features::FeatureLayout layout;
  double weight = 1;
};

/// The kernels of a sum: their stores hold the same structures in the same blocks.
using PrimalTerms = std::vector<PrimalTerm>;

/// Returns the kernels of a sum, which outlives them.
PrimalTerms primal_terms(const KernelSum& sum);

/// The columns of the primal problem of a sum: those of each kernel times the root of its weight, one kernel
/// after the other, so that dot products of whole rows are the sum of the kernels.
class SumColumns {
public:
  /// All columns.
  static SumColumns all(const PrimalTerms& terms);
  /// Collective. The `count` columns with the largest mean square over at most `sample` structures, of
  /// whichever kernel.
  static SumColumns most_important(const PrimalTerms& terms, std::int64_t count, std::int64_t sample = 2000);

  std::int64_t count() const noexcept { return offsets_.back(); }
  /// Returns the columns of one kernel.
  const PrimalRows& of(std::size_t term) const { return rows_.at(term); }

  /// Returns X^T v from the forms of a target, one of each kernel, built with coefficients v (see
  /// build_forms), and z of what scatter() has written.
  std::vector<double> gather(const std::vector<CompactForm>& forms, std::int64_t target) const;
  /// Writes the forms of a target whose sum, each with its kernel's weight, is f(A) = X_A . z.
  void scatter(std::span<const double> z, std::int64_t target, std::vector<CompactForm>& forms) const;

private:
  explicit SumColumns(std::vector<PrimalRows> rows);

  std::vector<PrimalRows> rows_;
  std::vector<std::int64_t> offsets_; ///< of every kernel's first column; one more entry for the end
};

/// Collective over the grid of the stores. gram (F x F, lower triangle) += sum_A X_A X_A^T over all
/// structures. Returns this rank's floating-point operations.
double accumulate_gram(const PrimalTerms& terms, const SumColumns& columns, linalg::DistributedMatrix& gram,
                       const Progress& progress = {});

/// Returns the bytes that accumulate_gram() takes on a rank for so many structures in blocks and columns,
/// beside the matrix and a block's features: batches of rows X (mine twice), the parts of it that go to the
/// rows and columns of the grid, and what I need of those of all ranks.
std::int64_t gram_memory(std::int64_t structures, std::int64_t block, std::int64_t columns,
                         linalg::GridShape grid);

/// Collective. Returns the mean over the structures of K(A, A).
double mean_self_kernel(const PrimalTerms& terms);

/// Returns zero forms of so many targets, one for each kernel, with its weight.
std::vector<CompactForm> zero_forms(const PrimalTerms& terms, std::int64_t targets);
/// Collective. Overwrites the forms with those of coefficients x (see build_form).
void build_forms(const PrimalTerms& terms, std::span<const double> x, std::vector<CompactForm>& forms);
/// Collective. Returns the sum of the forms' values (see evaluate_form).
std::vector<double> evaluate_forms(const PrimalTerms& terms, const std::vector<CompactForm>& forms);

} // namespace soapstone::kernel
