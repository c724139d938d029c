// SPDX-License-Identifier: BSD-3-Clause
#include "tile_gradient.hpp"

#include "powers.hpp"
#include "shared_runs.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

constexpr std::int64_t chunk_rows = 512; // environments of a sub-tile either way
constexpr int few_factors = 4;           // so many multiplications are faster than repeated squaring

/// x_i = factor x_i^exponent for n numbers.
void scale_powers(double* x, std::int64_t n, double factor, int exponent) {
  if (exponent == 1) {
    for (std::int64_t i = 0; i < n; ++i)
      x[i] *= factor;
    return;
  }
  if (exponent > few_factors) {
    for (std::int64_t i = 0; i < n; ++i)
      x[i] = factor * powers<1>(x + i, exponent)[0];
    return;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    double power = factor;
    for (int e = 0; e < exponent; ++e)
      power *= x[i];
    x[i] = power;
  }
}

/// One sub-tile: products, M in their place, M times features.
class SubTile {
public:
  SubTile(const FeatureGroup& rows, std::int64_t first_row, const FeatureGroup& cols, std::int64_t first_col,
          const KernelSensitivity& sensitivity, int zeta, double weight)
      : rows_(rows), cols_(cols), first_row_(first_row), first_col_(first_col), sensitivity_(sensitivity),
        zeta_(zeta), weight_(weight), runs_(shared_runs(rows, cols)) {}

  bool empty() const { return runs_.empty(); }

  void add(const Chunk& r, const Chunk& c, std::vector<double>& products, FeatureGroup& gradient) const {
    products.resize(static_cast<std::size_t>(r.size() * c.size()));
    multiply(r, c, products.data());
    weigh(r, c, products.data());
    for (const auto& run : runs_)
      linalg::gemm(linalg::Op::none, linalg::Op::transpose, 1.0,
                   {cols_.values.data() + c.env_first * cols_.width + run.col_offset, run.width, c.size(),
                    cols_.width},
                   {products.data(), r.size(), c.size()}, 1.0,
                   {gradient.values.data() + r.env_first * rows_.width + run.row_offset, run.width, r.size(),
                    rows_.width});
  }

private:
  void multiply(const Chunk& r, const Chunk& c, double* products) const {
    double beta = 0;
    for (const auto& run : runs_) {
      linalg::gemm(linalg::Op::transpose, linalg::Op::none, 1.0,
                   {rows_.values.data() + r.env_first * rows_.width + run.row_offset, run.width, r.size(),
                    rows_.width},
                   {cols_.values.data() + c.env_first * cols_.width + run.col_offset, run.width, c.size(),
                    cols_.width},
                   beta, {products, r.size(), c.size()});
      beta = 1;
    }
  }

  /// (p_j . p_k) becomes 2 M_jk.
  void weigh(const Chunk& r, const Chunk& c, double* products) const {
    std::vector<double> factors(r.structures.size());
    for (const auto& col : c.structures) {
      set_factors(r, col, factors);
      for (std::int32_t k = 0; k < col.count; ++k)
        for (std::size_t a = 0; a < factors.size(); ++a) {
          scale_powers(products, r.structures[a].count, factors[a], zeta_ - 1);
          products += r.structures[a].count;
        }
    }
  }

  /// 2 zeta weight W_AB / (N_A N_B) of the structures A of a chunk of rows and one B.
  void set_factors(const Chunk& r, const StructureRows& of_col, std::vector<double>& factors) const {
    const auto& w = sensitivity_;
    const auto col = first_col_ + of_col.structure;
    std::fill(factors.begin(), factors.end(), 0.0);
    for (std::int64_t c = 0; c < w.columns; ++c) {
      const double* x = w.a.data() + c * w.structures;
      const double* y = w.b.data() + c * w.structures;
      for (std::size_t a = 0; a < factors.size(); ++a) {
        const auto row = first_row_ + r.structures[a].structure;
        factors[a] -= 0.5 * (x[row] * y[col] + y[row] * x[col]);
      }
    }
    for (std::size_t a = 0; a < factors.size(); ++a) {
      auto& factor = factors[a];
      if (first_row_ + r.structures[a].structure == col)
        factor += w.diagonal;
      factor *= 2 * zeta_ * weight_ / (static_cast<double>(r.structures[a].size) * of_col.size);
    }
  }

  const FeatureGroup& rows_;
  const FeatureGroup& cols_;
  std::int64_t first_row_, first_col_;
  const KernelSensitivity& sensitivity_;
  int zeta_;
  double weight_;
  std::vector<SharedRun> runs_;
};

} // namespace

FeatureBlock zero_like(const FeatureBlock& like) {
  FeatureBlock zero{like.structures, {}};
  for (const auto& group : like.groups) {
    zero.groups.push_back(
        {group.segments, group.width, group.structures, group.environments, {}, group.part_of});
    zero.groups.back().values.assign(group.values.size(), 0.0);
  }
  return zero;
}

double inner_product(const FeatureBlock& gradient, const FeatureBlock& features) {
  double sum = 0;
  for (std::size_t g = 0; g < features.groups.size(); ++g)
    sum += std::inner_product(features.groups[g].values.begin(), features.groups[g].values.end(),
                              gradient.groups[g].values.begin(), 0.0);
  return sum;
}

void add_tile_gradient(const FeatureBlock& rows, std::int64_t first_row, const FeatureBlock& cols,
                       std::int64_t first_col, const KernelSensitivity& sensitivity, int zeta, double weight,
                       std::vector<double>& products, FeatureBlock& gradient) {
  for (std::size_t g = 0; g < rows.groups.size(); ++g)
    for (const auto& col_group : cols.groups) {
      const SubTile tile(rows.groups[g], first_row, col_group, first_col, sensitivity, zeta, weight);
      if (tile.empty())
        continue;
      for (const auto& c : chunks_of(col_group, chunk_rows))
        for (const auto& r : chunks_of(rows.groups[g], chunk_rows))
          tile.add(r, c, products, gradient.groups[g]);
    }
}

} // namespace soapstone::kernel
