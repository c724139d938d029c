// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_sum.hpp"

#include "gram_distribution.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "structure_forms.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;

namespace {

// Structures of all ranks per step: the inner dimension of the products, long enough for the Gram matrix to
// be read and written seldom.
constexpr std::int64_t gram_batch = 1024;

/// Structures of a rank per step; all ranks take part in every step.
std::int64_t structures_per_step(std::int64_t block, int ranks) {
  return std::max<std::int64_t>(1, gram_batch / (block * ranks)) * block;
}

const FeatureStore& first_store(const PrimalTerms& terms) {
  return *terms.front().store;
}

/// Returns the sum of the squares of all columns of one kernel over a sample of the structures.
std::vector<double> column_powers(const PrimalTerm& term, const PrimalRows& columns, std::int64_t sample) {
  const auto& store = *term.store;
  const auto width = term.layout.total_width();
  std::vector<double> powers(static_cast<std::size_t>(columns.count()), 0.0), form;
  const auto every = std::max<std::int64_t>(1, store.structures() / std::max<std::int64_t>(1, sample));
  for_whole_structures(store, [&](std::int64_t b, const FeatureBlock& block) {
    for_structures(block, term.layout, [&](std::int32_t structure, const double* rows, std::int32_t count) {
      if ((store.first_structure(b) + structure) % every != 0)
        return;
      form_of(term.degree, rows, count, width, form);
      columns.add_squares(form, powers);
    });
  });
  parallel::all_reduce(store.grid().all(), std::span(powers));
  for (const auto structure : structures_in_parts(store))
    if (structure % every == 0)
      columns.add_squares(form_of_parts(store, structure, term.degree, term.layout), powers);
  return powers;
}

/// Returns the places of the `count` largest numbers, ascending.
std::vector<std::int64_t> largest(const std::vector<double>& numbers, std::int64_t count) {
  std::vector<std::int64_t> places(numbers.size());
  std::iota(places.begin(), places.end(), std::int64_t{0});
  std::nth_element(places.begin(), places.begin() + count, places.end(), [&](std::int64_t a, std::int64_t b) {
    const double x = numbers[static_cast<std::size_t>(a)], y = numbers[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  });
  places.resize(static_cast<std::size_t>(count));
  std::sort(places.begin(), places.end());
  return places;
}

} // namespace

PrimalTerms primal_terms(const KernelSum& sum) {
  PrimalTerms terms;
  for (std::size_t k = 0; k < sum.kernels(); ++k)
    terms.push_back({&sum.store(k), sum.spec(k).zeta, feature_layout(sum.spec(k)), sum.spec(k).weight});
  return terms;
}

SumColumns::SumColumns(std::vector<PrimalRows> rows) : rows_(std::move(rows)), offsets_{0} {
  for (const auto& of : rows_)
    offsets_.push_back(offsets_.back() + of.count());
}

SumColumns SumColumns::all(const PrimalTerms& terms) {
  std::vector<PrimalRows> rows;
  for (const auto& term : terms)
    rows.push_back(PrimalRows::all(term.degree, term.layout, term.weight));
  return SumColumns(std::move(rows));
}

SumColumns SumColumns::most_important(const PrimalTerms& terms, std::int64_t count, std::int64_t sample) {
  auto columns = all(terms);
  if (count >= columns.count())
    return columns;
  std::vector<double> powers;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const auto own = column_powers(terms[k], columns.rows_[k], sample);
    powers.insert(powers.end(), own.begin(), own.end());
  }
  std::vector<std::vector<std::int64_t>> places(terms.size());
  std::size_t k = 0;
  for (const auto place : largest(powers, count)) {
    while (place >= columns.offsets_[k + 1])
      ++k;
    places[k].push_back(place - columns.offsets_[k]);
  }
  for (k = 0; k < terms.size(); ++k)
    columns.rows_[k].keep(places[k]);
  return SumColumns(std::move(columns.rows_));
}

std::vector<double> SumColumns::gather(const std::vector<CompactForm>& forms, std::int64_t target) const {
  std::vector<double> z;
  z.reserve(static_cast<std::size_t>(count()));
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    const auto part = rows_[k].gather(forms[k].values(target));
    z.insert(z.end(), part.begin(), part.end());
  }
  return z;
}

void SumColumns::scatter(std::span<const double> z, std::int64_t target,
                         std::vector<CompactForm>& forms) const {
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    const auto some = static_cast<std::size_t>(rows_[k].count());
    rows_[k].scatter(z.first(some), forms[k].values(target));
    z = z.subspan(some);
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

/// Appends the rows X of a block, of all kernels.
void append_rows(const PrimalTerms& terms, const SumColumns& columns, std::int64_t b, FeatureBlock& scratch,
                 Numbers& x) {
  const auto before = x.size();
  x.resize(before + static_cast<std::size_t>(columns.count() * first_store(terms).block_size(b)));
  auto* to = x.data() + before; // all of it is written
  for (std::size_t k = 0; k < terms.size(); ++k) {
    columns.of(k).write_rows(terms[k].store->mine(b, scratch), to, columns.count());
    to += columns.of(k).count();
  }
}

/// Collective. Returns X of a structure in parts, of all kernels.
std::vector<double> row_of_parts(const PrimalTerms& terms, const SumColumns& columns,
                                 std::int64_t structure) {
  std::vector<double> row;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const auto part =
        columns.of(k).gather(form_of_parts(*terms[k].store, structure, terms[k].degree, terms[k].layout));
    row.insert(row.end(), part.begin(), part.end());
  }
  return row;
}

/// Adds the structures that are kept in parts, whose rows the ranks take in turn.
double add_structures_in_parts(const PrimalTerms& terms, const SumColumns& columns,
                               GramDistribution& distribution, linalg::DistributedMatrix& gram) {
  const auto& comm = first_store(terms).grid().all();
  const auto in_parts = structures_in_parts(first_store(terms));
  double flops = 0;
  Numbers x;
  for (std::size_t i = 0; i < in_parts.size(); ++i) {
    const auto row = row_of_parts(terms, columns, in_parts[i]);
    if (static_cast<int>(i % static_cast<std::size_t>(comm.size())) == comm.rank())
      x.insert(x.end(), row.begin(), row.end());
    if ((i + 1) % static_cast<std::size_t>(gram_batch) != 0 && i + 1 < in_parts.size())
      continue;
    flops += add_products(distribution.exchange(x), gram);
    x.clear();
  }
  return flops;
}

} // namespace

double accumulate_gram(const PrimalTerms& terms, const SumColumns& columns, linalg::DistributedMatrix& gram,
                       const Progress& progress) {
  const auto& store = first_store(terms);
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
        append_rows(terms, columns, b, scratch, x);
    flops += add_products(distribution.exchange(x), gram);
    if (progress)
      progress(static_cast<double>(step + 1) / static_cast<double>(steps));
  }
  return flops + add_structures_in_parts(terms, columns, distribution, gram);
}

std::int64_t gram_memory(std::int64_t structures, std::int64_t block, std::int64_t columns,
                         linalg::GridShape grid) {
  const int ranks = grid.rows * grid.cols;
  const auto batch = std::min(structures_per_step(block, ranks), structures / ranks + block);
  const auto mine = columns / grid.rows + columns / grid.cols;
  return static_cast<std::int64_t>(sizeof(double)) *
         (ranks == 1 ? 2 * columns * batch : 4 * columns * batch + ranks * batch * mine);
}

namespace {

/// Collective. Returns the sum over the structures of K(A, A) of one kernel without its weight.
double sum_of_self_kernels(const PrimalTerm& term) {
  const auto& store = *term.store;
  double sum = 0;
  TileWorkspace workspace;
  for_whole_structures(store, [&](std::int64_t, const FeatureBlock& block) {
    for (const auto& group : block.groups) {
      const double* rows = group.values.data();
      for (const auto environments : group.environments) {
        const features::FeatureGroup one{
            group.segments, group.width, {0}, {environments}, {rows, rows + environments * group.width}};
        const FeatureBlock single{1, {one}};
        average_kernel_tile(single, single, term.degree, 1.0, {&sum, 1, 1}, workspace);
        rows += environments * group.width;
      }
    }
  });
  sum = parallel::all_reduce(store.grid().all(), sum);
  const auto columns = PrimalRows::all(term.degree, term.layout);
  for (const auto structure : structures_in_parts(store)) { // K(A, A) = X_A . X_A
    const auto x = columns.gather(form_of_parts(store, structure, term.degree, term.layout));
    sum += std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
  }
  return sum;
}

} // namespace

double mean_self_kernel(const PrimalTerms& terms) {
  double sum = 0;
  for (const auto& term : terms)
    sum += term.weight * sum_of_self_kernels(term);
  return sum / static_cast<double>(std::max<std::int64_t>(1, first_store(terms).structures()));
}

std::vector<CompactForm> zero_forms(const PrimalTerms& terms, std::int64_t targets) {
  std::vector<CompactForm> forms;
  for (const auto& term : terms)
    forms.emplace_back(term.degree, term.layout, targets, term.weight);
  return forms;
}

void build_forms(const PrimalTerms& terms, std::span<const double> x, std::vector<CompactForm>& forms) {
  for (std::size_t k = 0; k < terms.size(); ++k)
    build_form(*terms[k].store, x, forms[k]);
}

std::vector<double> evaluate_forms(const PrimalTerms& terms, const std::vector<CompactForm>& forms) {
  auto values = evaluate_form(*terms.front().store, forms.front());
  for (std::size_t k = 1; k < terms.size(); ++k) {
    const auto more = evaluate_form(*terms[k].store, forms[k]);
    std::transform(values.begin(), values.end(), more.begin(), values.begin(), std::plus<>());
  }
  return values;
}

} // namespace soapstone::kernel
