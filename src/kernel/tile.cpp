// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/tile.hpp"

#include "powers.hpp"
#include "shared_runs.hpp"
#include "small_products.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/kernel/pairwise_coupling.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

/// Environments of a sub-tile.
struct ChunkSizes {
  std::int64_t rows, cols;
};

/// Narrow features: the products stay in the second-level cache until they are summed, which takes as long as
/// multiplying. Wide ones: summing is cheap, and what counts is how often features are read again.
ChunkSizes chunk_sizes(std::int64_t width) {
  return width < 1024 ? ChunkSizes{256, 384} : ChunkSizes{768, 768};
}

/// Rows or columns up to which a BLAS takes longer than small_products.
constexpr std::int64_t few = 16;

template <int Zeta>
void add_powers(const double* products, double* sums, std::int64_t n, int) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double x = products[i];
    double power = x;
    for (int z = 1; z < Zeta; ++z)
      power *= x;
    sums[i] += power;
  }
}

template <std::size_t Count>
void add_powers_of(const double* products, double* sums, int zeta) {
  const auto found = powers<Count>(products, zeta);
  for (std::size_t i = 0; i < Count; ++i)
    sums[i] += found[i];
}

void add_large_powers(const double* products, double* sums, std::int64_t n, int zeta) {
  constexpr std::int64_t at_once = 8; // a few vectors
  std::int64_t i = 0;
  for (; i + at_once <= n; i += at_once)
    add_powers_of<at_once>(products + i, sums + i, zeta);
  for (; i < n; ++i)
    add_powers_of<1>(products + i, sums + i, zeta);
}

using AddPowers = void (*)(const double*, double*, std::int64_t, int);

AddPowers choose_add_powers(int zeta) {
  switch (zeta) {
  case 1:
    return add_powers<1>;
  case 2:
    return add_powers<2>;
  case 3:
    return add_powers<3>;
  case 4:
    return add_powers<4>;
  default:
    return add_large_powers;
  }
}

/// One sub-tile: products of environments, element-wise power, segmented sum.
class SubTile {
public:
  SubTile(const FeatureGroup& rows, const FeatureGroup& cols, int zeta, double weight,
          TileWorkspace& workspace)
      : rows_(rows), cols_(cols), runs_(shared_runs(rows, cols)), zeta_(zeta), weight_(weight),
        add_(choose_add_powers(zeta)), workspace_(workspace) {}

  bool empty() const { return runs_.empty(); }

  double add(const Chunk& r, const Chunk& c, linalg::MatrixView<double> out) {
    multiply(r, c);
    std::size_t env = 0;
    for (const auto& col : c.structures) {
      const auto count = static_cast<std::size_t>(col.count);
      sum_column_structure(r, env, count);
      scatter(r, col, out);
      env += count;
    }
    return flops(r, c);
  }

private:
  void multiply(const Chunk& r, const Chunk& c) {
    const auto m = r.size(), n = c.size();
    workspace_.products.resize(static_cast<std::size_t>(m * n));
    if (runs_.size() == 1 && std::min(m, n) <= few) {
      const auto& run = runs_.front();
      small_products(
          {rows_.values.data() + r.env_first * rows_.width + run.row_offset, run.width, m, rows_.width},
          {cols_.values.data() + c.env_first * cols_.width + run.col_offset, run.width, n, cols_.width},
          workspace_.products.data());
      return;
    }
    double beta = 0;
    for (const auto& run : runs_) {
      linalg::gemm(
          linalg::Op::transpose, linalg::Op::none, 1.0,
          {rows_.values.data() + r.env_first * rows_.width + run.row_offset, run.width, m, rows_.width},
          {cols_.values.data() + c.env_first * cols_.width + run.col_offset, run.width, n, cols_.width}, beta,
          {workspace_.products.data(), m, n});
      beta = 1;
    }
  }

  /// sums(j) = sum over the environments k of one column structure of products(j, k)^zeta.
  void sum_column_structure(const Chunk& r, std::size_t env, std::size_t count) {
    const auto m = static_cast<std::size_t>(r.size());
    workspace_.sums.assign(m, 0.0);
    for (std::size_t k = 0; k < count; ++k)
      add_(workspace_.products.data() + (env + k) * m, workspace_.sums.data(), r.size(), zeta_);
  }

  void scatter(const Chunk& r, const StructureRows& col, linalg::MatrixView<double> out) {
    double* column = out.column(col.structure).data();
    const double* sums = workspace_.sums.data();
    for (const auto& row : r.structures) {
      const double total = std::accumulate(sums, sums + row.count, 0.0);
      column[row.structure] += weight_ * total / (static_cast<double>(row.size) * col.size);
      sums += row.count;
    }
  }

  double flops(const Chunk& r, const Chunk& c) const {
    std::int64_t width = 0;
    for (const auto& run : runs_)
      width += run.width;
    return 2.0 * static_cast<double>(r.size()) * static_cast<double>(c.size()) * static_cast<double>(width);
  }

  const FeatureGroup& rows_;
  const FeatureGroup& cols_;
  std::vector<SharedRun> runs_;
  int zeta_;
  double weight_;
  AddPowers add_;
  TileWorkspace& workspace_;
};

FeatureGroup group_means(const FeatureGroup& group) {
  FeatureGroup means{group.segments,
                     group.width,
                     group.structures,
                     std::vector<std::int32_t>(group.structures.size(), 1),
                     {}};
  const auto width = static_cast<std::size_t>(group.width);
  means.values.assign(group.structures.size() * width, 0.0);
  const double* row = group.values.data();
  for (std::size_t s = 0; s < group.structures.size(); ++s) {
    double* mean = means.values.data() + s * width;
    for (int e = 0; e < group.environments[s]; ++e, row += width)
      for (std::size_t f = 0; f < width; ++f)
        mean[f] += row[f] / group.size(s);
  }
  return means;
}

/// The rows of one group.
struct Piece {
  const FeatureGroup* group;
  Chunk chunk;
};

/// Pieces of all groups, up to `limit` environments together.
std::vector<std::vector<Piece>> batches_of(const FeatureBlock& block, std::int64_t limit) {
  std::vector<std::vector<Piece>> batches;
  std::int64_t size = limit;
  for (const auto& group : block.groups)
    for (auto& chunk : chunks_of(group, limit)) {
      if (size + chunk.size() > limit) {
        batches.emplace_back();
        size = 0;
      }
      size += chunk.size();
      batches.back().push_back({&group, std::move(chunk)});
    }
  return batches;
}

/// Computes the images of a batch in the segments of `rows`, one after the other in `image`, which `whole`
/// then covers.
double make_image(const FeatureGroup& rows, const std::vector<Piece>& batch, const PairwiseCoupling& coupling,
                  FeatureGroup& image, Chunk& whole) {
  image.segments = rows.segments;
  image.width = rows.width;
  whole = {};
  double flops = 0;
  for (const auto& [group, chunk] : batch) {
    const auto done = whole.env_last;
    whole.structures.insert(whole.structures.end(), chunk.structures.begin(), chunk.structures.end());
    whole.env_last += chunk.size();
    image.values.resize(static_cast<std::size_t>(whole.env_last * image.width));
    flops += coupling.image(rows, *group, chunk.env_first, chunk.env_last,
                            std::span(image.values).subspan(static_cast<std::size_t>(done * image.width)));
  }
  return flops;
}

// Numbers of a batch's images: they stay in the second-level cache until they are multiplied.
constexpr std::int64_t image_size = std::int64_t{1} << 16;

double coupled_tile(const FeatureBlock& rows, const FeatureBlock& cols, int zeta, double weight,
                    linalg::MatrixView<double> out, TileWorkspace& workspace,
                    const PairwiseCoupling& coupling) {
  std::int64_t widest = 1;
  for (const auto& group : rows.groups)
    widest = std::max(widest, group.width);
  double flops = 0;
  for (const auto& batch : batches_of(cols, std::max<std::int64_t>(16, image_size / widest)))
    for (const auto& row_group : rows.groups) {
      auto& image = workspace.image;
      Chunk all;
      flops += make_image(row_group, batch, coupling, image, all);
      SubTile tile(row_group, image, zeta, weight, workspace);
      for (const auto& r : chunks_of(row_group, chunk_sizes(row_group.width).rows))
        flops += tile.add(r, all, out);
    }
  return flops;
}

} // namespace

double average_kernel_tile(const FeatureBlock& rows, const FeatureBlock& cols, int zeta, double weight,
                           linalg::MatrixView<double> out, TileWorkspace& workspace,
                           const PairwiseCoupling* coupling) {
  expects(zeta >= 1, "zeta >= 1");
  expects(out.rows == rows.structures && out.columns == cols.structures, "an element for each pair");
  if (coupling != nullptr)
    return coupled_tile(rows, cols, zeta, weight, out, workspace, *coupling);
  double flops = 0;
  for (const auto& row_group : rows.groups) {
    for (const auto& col_group : cols.groups) {
      const auto sizes = chunk_sizes(std::min(row_group.width, col_group.width));
      const auto row_chunks = chunks_of(row_group, sizes.rows);
      SubTile tile(row_group, col_group, zeta, weight, workspace);
      if (tile.empty())
        continue;
      for (const auto& c : chunks_of(col_group, sizes.cols))
        for (const auto& r : row_chunks)
          flops += tile.add(r, c, out);
    }
  }
  return flops;
}

FeatureBlock structure_means(const FeatureBlock& block) {
  FeatureBlock means{block.structures, {}};
  for (const auto& group : block.groups)
    means.groups.push_back(group_means(group));
  return means;
}

} // namespace soapstone::kernel
