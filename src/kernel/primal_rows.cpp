// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_rows.hpp"

#include "gram_distribution.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;

namespace {

/// Computes s = beta s + 1/N sum_j p_j p_j^T (lower triangle) over `count` rows of a structure that has N =
/// `size`.
void mean_square(const double* rows, std::int64_t count, std::int64_t size, std::int64_t width, double beta,
                 std::vector<double>& s) {
  linalg::syrk(linalg::Triangle::lower, linalg::Op::none, 1.0 / static_cast<double>(size),
               {rows, width, count}, beta, {s.data(), width, width});
}

/// Calls visit(structure, first row, number of rows) for every structure of a block, rows of full width.
template <typename Visit>
void for_structures(const FeatureBlock& block, const features::FeatureLayout& layout, Visit&& visit) {
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

/// Returns the structures that the store keeps in parts.
std::vector<std::int64_t> structures_in_parts(const FeatureStore& store) {
  std::vector<std::int64_t> structures;
  for (std::int64_t b = 0; b < store.blocks(); ++b)
    if (store.run(b).is_part() && (structures.empty() || structures.back() != store.first_structure(b)))
      structures.push_back(store.first_structure(b));
  return structures;
}

/// Calls visit(b, features) for all my blocks of whole structures, in order.
template <typename Visit>
void for_whole_structures(const FeatureStore& store, Visit&& visit) {
  FeatureBlock scratch;
  for (const auto b : store.my_blocks())
    if (!store.run(b).is_part())
      visit(b, store.mine(b, scratch));
}

/// Collective. Returns, on all ranks, S of a structure in parts (lower triangle), or its mean row for
/// degree 1.
std::vector<double> sum_of_parts(const FeatureStore& store, std::int64_t structure, int degree,
                                 const features::FeatureLayout& layout) {
  const auto width = layout.total_width();
  std::vector<double> s(static_cast<std::size_t>(degree == 2 ? width * width : width), 0.0);
  FeatureBlock scratch;
  for (const auto b : store.my_blocks()) {
    if (!store.run(b).is_part() || store.first_structure(b) != structure)
      continue;
    const auto& part = store.mine(b, scratch);
    for_structures(part, layout, [&](std::int32_t, const double* rows, std::int32_t count) {
      if (degree == 2)
        mean_square(rows, count, part.groups.front().size(0), width, 1, s);
      else
        std::transform(s.begin(), s.end(), rows, s.begin(), std::plus<>()); // a part has one row
    });
  }
  parallel::all_reduce(store.grid().all(), std::span(s));
  return s;
}

/// Adds the squares of all products to `powers`; off-diagonal products carry their factor 2.
void add_powers(const std::vector<double>& s, std::int64_t width, std::vector<double>& powers) {
  for (std::int64_t j = 0; j < width; ++j)
    for (std::int64_t i = j; i < width; ++i) {
      const double value = s[static_cast<std::size_t>(i + j * width)];
      powers[static_cast<std::size_t>(i + j * width)] += (i == j ? 1.0 : 2.0) * value * value;
    }
}

/// Returns the sum of the squares of all products over a sample of the structures.
std::vector<double> product_powers(const FeatureStore& store, const features::FeatureLayout& layout,
                                   std::int64_t sample) {
  const auto width = layout.total_width();
  std::vector<double> powers(static_cast<std::size_t>(width * width), 0.0), s(powers.size());
  const auto every = std::max<std::int64_t>(1, store.structures() / std::max<std::int64_t>(1, sample));
  for_whole_structures(store, [&](std::int64_t b, const FeatureBlock& block) {
    for_structures(block, layout, [&](std::int32_t structure, const double* rows, std::int32_t count) {
      if ((store.first_structure(b) + structure) % every != 0)
        return;
      mean_square(rows, count, count, width, 0, s);
      add_powers(s, width, powers);
    });
  });
  parallel::all_reduce(store.grid().all(), std::span(powers));
  for (const auto structure : structures_in_parts(store))
    if (structure % every == 0)
      add_powers(sum_of_parts(store, structure, 2, layout), width, powers);
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

// Structures of all ranks per step: the inner dimension of the products, long enough for the Gram matrix to
// be read and written seldom.
constexpr std::int64_t gram_batch = 1024;

/// Structures of a rank per step; all ranks take part in every step.
std::int64_t structures_per_step(std::int64_t block, int ranks) {
  return std::max<std::int64_t>(1, gram_batch / (block * ranks)) * block;
}

} // namespace

PrimalRows PrimalRows::all(int degree, features::FeatureLayout layout) {
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

PrimalRows PrimalRows::most_important(const FeatureStore& store, features::FeatureLayout layout,
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

std::int64_t PrimalRows::form_columns() const {
  if (degree_ == 1)
    return 1;
  return positions_.empty() ? 0 : *std::max_element(positions_.begin(), positions_.end()) / width_ + 1;
}

std::vector<double> PrimalRows::rows(const FeatureBlock& block) const {
  LargeArray<double> x;
  append_rows(block, x);
  return {x.begin(), x.end()};
}

void PrimalRows::append_rows(const FeatureBlock& block, LargeArray<double>& x) const {
  const auto before = x.size();
  x.resize(before + static_cast<std::size_t>(count() * block.structures)); // all of it is written below
  std::vector<double> s(static_cast<std::size_t>(degree_ == 2 ? width_ * width_ : width_));
  for_structures(block, layout_, [&](std::int32_t structure, const double* rows, std::int32_t environments) {
    double* column = x.data() + before + structure * count();
    if (degree_ == 2)
      mean_square(rows, environments, environments, width_, 0, s);
    else
      std::copy_n(rows, width_, s.data()); // zeta = 1 keeps one mean row per structure
    for (std::size_t f = 0; f < positions_.size(); ++f) {
      const auto at = positions_[f];
      const bool diagonal = degree_ == 1 || at % width_ == at / width_;
      column[f] = s[static_cast<std::size_t>(at)] * (diagonal ? 1.0 : std::numbers::sqrt2);
    }
  });
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

namespace {

using Step = std::vector<std::int64_t>;

/// Returns my blocks of whole structures in steps, each of at most so many structures or of one block.
std::vector<Step> steps_of(const FeatureStore& store, std::int64_t structures) {
  std::vector<Step> steps;
  std::int64_t room = 0;
  for (const auto b : store.my_blocks()) {
    if (store.run(b).is_part())
      continue;
    if (steps.empty() || store.block_size(b) > room) {
      steps.emplace_back();
      room = structures;
    }
    room -= store.block_size(b);
    steps.back().push_back(b);
  }
  return steps;
}

} // namespace

double accumulate_gram(const FeatureStore& store, const PrimalRows& columns, linalg::DistributedMatrix& gram,
                       const Progress& progress) {
  const auto& comm = store.grid().all();
  const auto mine = steps_of(store, structures_per_step(store.block(), comm.size()));
  const auto steps = parallel::all_reduce(comm, static_cast<std::int64_t>(mine.size()), MPI_MAX);
  double flops = 0;
  FeatureBlock scratch;
  GramDistribution distribution(gram);
  Numbers x;
  for (std::int64_t step = 0; step < steps; ++step) {
    x.clear();
    if (static_cast<std::size_t>(step) < mine.size())
      for (const auto b : mine[static_cast<std::size_t>(step)])
        columns.append_rows(store.mine(b, scratch), x);
    flops += add_products(distribution.exchange(x), gram);
    if (progress)
      progress(static_cast<double>(step + 1) / static_cast<double>(steps));
  }
  const auto in_parts = structures_in_parts(store);
  x.clear();
  for (std::size_t i = 0; i < in_parts.size(); ++i) { // the ranks take their rows in turn
    const auto row = columns.gather(sum_of_parts(store, in_parts[i], columns.degree(), columns.layout()));
    if (static_cast<int>(i % static_cast<std::size_t>(comm.size())) == comm.rank())
      x.insert(x.end(), row.begin(), row.end());
    if ((i + 1) % static_cast<std::size_t>(gram_batch) != 0 && i + 1 < in_parts.size())
      continue;
    flops += add_products(distribution.exchange(x), gram);
    x.clear();
  }
  return flops;
}

std::int64_t gram_memory(std::int64_t structures, std::int64_t block, std::int64_t columns,
                         linalg::GridShape grid) {
  const int ranks = grid.rows * grid.cols;
  const auto batch = std::min(structures_per_step(block, ranks), structures / ranks + block);
  const auto mine = columns / grid.rows + columns / grid.cols;
  return static_cast<std::int64_t>(sizeof(double)) *
         (ranks == 1 ? 2 * columns * batch : 4 * columns * batch + ranks * batch * mine);
}

std::int64_t columns_memory(int degree, std::int64_t width) {
  const auto of_form = degree == 2 ? width * width : width, positions = PrimalRows::possible(degree, width);
  return static_cast<std::int64_t>(sizeof(double)) * (of_form + positions);
}

std::int64_t choice_memory(std::int64_t width) {
  return columns_memory(2, width) + 2 * static_cast<std::int64_t>(sizeof(double)) * width * width;
}

double mean_self_kernel(const FeatureStore& store, int degree, const features::FeatureLayout& layout) {
  double sum = 0;
  TileWorkspace workspace;
  for_whole_structures(store, [&](std::int64_t, const FeatureBlock& block) {
    for (const auto& group : block.groups) {
      const double* rows = group.values.data();
      for (const auto environments : group.environments) {
        const features::FeatureGroup one{
            group.segments, group.width, {0}, {environments}, {rows, rows + environments * group.width}};
        const FeatureBlock single{1, {one}};
        average_kernel_tile(single, single, degree, 1.0, {&sum, 1, 1}, workspace);
        rows += environments * group.width;
      }
    }
  });
  sum = parallel::all_reduce(store.grid().all(), sum);
  const auto columns = PrimalRows::all(degree, layout);
  for (const auto structure : structures_in_parts(store)) { // K(A, A) = X_A . X_A
    const auto x = columns.gather(sum_of_parts(store, structure, degree, layout));
    sum += std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
  }
  return sum / static_cast<double>(std::max<std::int64_t>(1, store.structures()));
}

} // namespace soapstone::kernel
