// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_rows.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

using soap::FeatureBlock;

namespace {

/// S = 1/N sum_j p_j p_j^T, lower triangle, of `count` rows.
void mean_square(const double* rows, std::int64_t count, std::int64_t width, std::vector<double>& s) {
  linalg::syrk(linalg::Triangle::lower, linalg::Op::none, width, count, 1.0 / static_cast<double>(count),
               rows, width, 0.0, s.data(), width);
}

/// The rows of a group with zeros for the segments that it lacks.
std::vector<double> dense_rows(const soap::FeatureGroup& group, const soap::FeatureLayout& layout) {
  const soap::FeatureBlock block{static_cast<std::int64_t>(group.structures.size()), {group}};
  auto ordered = block; // to_dense orders rows by structure: number them in the order of the group
  std::iota(ordered.groups[0].structures.begin(), ordered.groups[0].structures.end(), 0);
  return soap::to_dense(ordered, layout);
}

/// Calls visit(structure, first row, number of rows) for every structure of a block, rows of full width.
template <typename Visit>
void for_structures(const FeatureBlock& block, const soap::FeatureLayout& layout, Visit&& visit) {
  const auto width = layout.total_width();
  for (const auto& group : block.groups) {
    const auto dense = group.width == width ? std::vector<double>() : dense_rows(group, layout);
    const double* rows = dense.empty() ? group.values.data() : dense.data();
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      visit(group.structures[s], rows, group.environments[s]);
      rows += group.environments[s] * width;
    }
  }
}

/// Sum of the squares of all products over a sample of my structures; off-diagonal products carry their
/// factor 2.
std::vector<double> product_powers(const FeatureStore& store, const soap::FeatureLayout& layout,
                                   std::int64_t sample) {
  const auto width = layout.total_width();
  std::vector<double> powers(static_cast<std::size_t>(width * width), 0.0), s(powers.size());
  const auto every = std::max<std::int64_t>(1, store.structures() / std::max<std::int64_t>(1, sample));
  for (const auto& [b, block] : store.all_mine())
    for_structures(
        block, layout,
        [&, first = b * store.block()](std::int32_t structure, const double* rows, std::int32_t count) {
          if ((first + structure) % every != 0)
            return;
          mean_square(rows, count, width, s);
          for (std::int64_t j = 0; j < width; ++j)
            for (std::int64_t i = j; i < width; ++i) {
              const double value = s[static_cast<std::size_t>(i + j * width)];
              powers[static_cast<std::size_t>(i + j * width)] += (i == j ? 1.0 : 2.0) * value * value;
            }
        });
  parallel::all_reduce(store.grid().all(), std::span(powers));
  return powers;
}

std::vector<std::int64_t> lower_positions(std::int64_t width) {
  std::vector<std::int64_t> positions;
  positions.reserve(static_cast<std::size_t>(width * (width + 1) / 2));
  for (std::int64_t j = 0; j < width; ++j)
    for (std::int64_t i = j; i < width; ++i)
      positions.push_back(i + j * width);
  return positions;
}

/// Rows `mine` of a matrix with `rows` rows and `cols` columns.
std::vector<double> local_rows(const std::vector<double>& matrix, std::int64_t rows, std::int64_t cols,
                               const linalg::BlockCyclic& mine) {
  const auto count = mine.local_size();
  std::vector<double> part(static_cast<std::size_t>(count * cols));
  for (std::int64_t c = 0; c < cols; ++c)
    for (std::int64_t r = 0; r < count; r += mine.block()) // blocks stay together
      std::copy_n(matrix.data() + mine.to_global(r) + c * rows, std::min(mine.block(), count - r),
                  part.data() + r + c * count);
  return part;
}

/// gram += X X^T on my part of the lower triangle, X (F x columns) known to all.
double add_products(const std::vector<double>& x, std::int64_t columns, linalg::DistributedMatrix& gram) {
  const auto f = gram.rows().size();
  if (!gram.grid().active() || columns == 0)
    return 0;
  const auto left = local_rows(x, f, columns, gram.rows()), right = local_rows(x, f, columns, gram.cols());
  const auto rows = gram.rows().local_size(), cols = gram.cols().local_size();
  double flops = 0;
  for (std::int64_t c = 0; c < cols; c += gram.cols().block()) {
    const auto width = std::min(gram.cols().block(), cols - c);
    const auto start = gram.cols().to_global(c);
    std::int64_t r = 0; // first local row on or below this block column
    while (r < rows && gram.rows().to_global(r) < start)
      r += gram.rows().block();
    if (r >= rows)
      continue;
    linalg::gemm(linalg::Op::none, linalg::Op::transpose, rows - r, width, columns, 1.0, left.data() + r,
                 rows, right.data() + c, cols, 1.0, &gram.at_local(r, c), gram.leading_dimension());
    flops += 2.0 * static_cast<double>(rows - r) * static_cast<double>(width) * static_cast<double>(columns);
  }
  return flops;
}

constexpr std::int64_t gram_batch = 256; // structures per rank and step: the inner dimension of the products

} // namespace

PrimalRows PrimalRows::all(int degree, soap::FeatureLayout layout) {
  const auto width = layout.total_width();
  PrimalRows columns;
  columns.degree_ = degree;
  columns.width_ = width;
  columns.layout_ = std::move(layout);
  if (degree == 2) {
    columns.positions_ = lower_positions(width);
  } else {
    columns.positions_.resize(static_cast<std::size_t>(width));
    std::iota(columns.positions_.begin(), columns.positions_.end(), std::int64_t{0});
  }
  return columns;
}

PrimalRows PrimalRows::most_important(const FeatureStore& store, soap::FeatureLayout layout,
                                      std::int64_t count, std::int64_t sample) {
  auto columns = all(2, std::move(layout));
  if (count >= columns.count())
    return columns;
  const auto powers = product_powers(store, columns.layout_, sample);
  auto& positions = columns.positions_;
  const auto more_important = [&](std::int64_t a, std::int64_t b) {
    const double x = powers[static_cast<std::size_t>(a)], y = powers[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  };
  std::nth_element(positions.begin(), positions.begin() + count, positions.end(), more_important);
  positions.resize(static_cast<std::size_t>(count));
  std::sort(positions.begin(), positions.end());
  return columns;
}

std::vector<double> PrimalRows::rows(const FeatureBlock& block) const {
  std::vector<double> x(static_cast<std::size_t>(count() * block.structures), 0.0);
  std::vector<double> s(static_cast<std::size_t>(degree_ == 2 ? width_ * width_ : width_));
  for_structures(block, layout_, [&](std::int32_t structure, const double* rows, std::int32_t environments) {
    double* column = x.data() + structure * count();
    if (degree_ == 2)
      mean_square(rows, environments, width_, s);
    else
      std::copy_n(rows, width_, s.data()); // zeta = 1 keeps one mean row per structure
    for (std::size_t f = 0; f < positions_.size(); ++f) {
      const auto at = positions_[f];
      const bool diagonal = degree_ == 1 || at % width_ == at / width_;
      column[f] = s[static_cast<std::size_t>(at)] * (diagonal ? 1.0 : std::numbers::sqrt2);
    }
  });
  return x;
}

std::vector<double> PrimalRows::gather(std::span<const double> form) const {
  std::vector<double> result(positions_.size());
  for (std::size_t f = 0; f < positions_.size(); ++f) {
    const auto at = positions_[f];
    const bool diagonal = degree_ == 1 || at % width_ == at / width_;
    result[f] = form[static_cast<std::size_t>(at)] * (diagonal ? 1.0 : std::numbers::sqrt2);
  }
  return result;
}

void PrimalRows::scatter(std::span<const double> z, std::span<double> form) const {
  std::fill(form.begin(), form.end(), 0.0);
  for (std::size_t f = 0; f < positions_.size(); ++f) {
    const auto at = positions_[f];
    if (degree_ == 1 || at % width_ == at / width_) {
      form[static_cast<std::size_t>(at)] = z[f];
    } else { // sqrt 2 S_ab z = (S_ab + S_ba) z / sqrt 2
      const auto mirrored = at / width_ + at % width_ * width_;
      form[static_cast<std::size_t>(at)] = form[static_cast<std::size_t>(mirrored)] =
          z[f] / std::numbers::sqrt2;
    }
  }
}

double accumulate_gram(const FeatureStore& store, const PrimalRows& columns, linalg::DistributedMatrix& gram,
                       const Progress& progress) {
  const auto& comm = store.grid().all();
  std::vector<const FeatureBlock*> mine;
  for (const auto& [b, block] : store.all_mine())
    mine.push_back(&block);
  // As many blocks a step as make a good inner dimension; every rank takes part in every step.
  const auto per_step = static_cast<std::size_t>(
      std::max<std::int64_t>(1, gram_batch / std::max<std::int64_t>(1, store.block())));
  const auto steps =
      parallel::all_reduce(comm, static_cast<std::int64_t>((mine.size() + per_step - 1) / per_step), MPI_MAX);
  double flops = 0;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::vector<double> x;
    for (auto b = static_cast<std::size_t>(step) * per_step;
         b < std::min(mine.size(), (static_cast<std::size_t>(step) + 1) * per_step); ++b) {
      const auto part = columns.rows(*mine[b]);
      x.insert(x.end(), part.begin(), part.end());
    }
    if (comm.size() > 1)
      x = parallel::all_gather(comm, x);
    flops += add_products(x, static_cast<std::int64_t>(x.size()) / std::max<std::int64_t>(1, columns.count()),
                          gram);
    if (progress)
      progress(static_cast<double>(step + 1) / static_cast<double>(steps));
  }
  return flops;
}

double mean_self_kernel(const FeatureStore& store, int degree) {
  double sum = 0;
  TileWorkspace workspace;
  for (const auto& [b, block] : store.all_mine())
    for (const auto& group : block.groups) {
      const double* rows = group.values.data();
      for (const auto environments : group.environments) {
        const soap::FeatureGroup one{
            group.segments, group.width, {0}, {environments}, {rows, rows + environments * group.width}};
        const FeatureBlock single{1, {one}};
        average_kernel_tile(single, single, degree, 1.0, &sum, 1, workspace);
        rows += environments * group.width;
      }
    }
  return parallel::all_reduce(store.grid().all(), sum) /
         static_cast<double>(std::max<std::int64_t>(1, store.structures()));
}

} // namespace soapstone::kernel
