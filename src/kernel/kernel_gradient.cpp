// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_gradient.hpp"

#include "low_rank_gradient.hpp"
#include "sample_matrix.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/kernel/gradient_choice.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "tile_gradient.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

// zeta = 1

/// Coefficients c x rows of a group, of [a b] (sign 0) or [b a]: those that multiply its rows.
std::vector<double> group_coefficients(const FeatureGroup& group, std::int64_t first,
                                       const KernelSensitivity& w, bool swapped) {
  std::vector<double> values;
  for (const auto& from : {swapped ? &w.b : &w.a, swapped ? &w.a : &w.b})
    for (std::int64_t c = 0; c < w.columns; ++c)
      for (const auto s : group.structures)
        values.push_back((*from)[static_cast<std::size_t>(c * w.structures + first + s)]);
  return values; // rows x 2 columns, column-major
}

/// z (width x 2 columns) of [a b]: sum_A p_A a_A and the same with b, over all ranks.
std::vector<double> projections(const FeatureStore& store, const features::FeatureLayout& layout,
                                const KernelSensitivity& w) {
  const auto width = layout.total_width(), columns = 2 * w.columns;
  const auto starts = segment_starts(layout);
  std::vector<double> z(static_cast<std::size_t>(width * columns), 0.0);
  store.for_each_mine([&](std::int64_t b, const FeatureBlock& features) {
    for (const auto& group : features.groups) {
      const auto rows = group.rows();
      expects(rows == static_cast<std::int64_t>(group.structures.size()), "one row per structure");
      const auto x = group_coefficients(group, store.first_structure(b), w, false);
      for (const auto& segment : group.segments)
        linalg::gemm(
            linalg::Op::none, linalg::Op::none, 1.0,
            {group.values.data() + segment.offset, segment.width, rows, group.width},
            {x.data(), rows, columns}, 1.0,
            {z.data() + starts[static_cast<std::size_t>(segment.id)], segment.width, columns, width});
    }
  });
  parallel::all_reduce(store.grid().all(), std::span(z));
  return z;
}

/// dL/dp_A = 2 weight sum_B W_AB p_B = weight (-sum_c (a_Ac z^b_c + b_Ac z^a_c) + 2 diagonal p_A).
double primal_gradient(const FeatureStore& store, const features::FeatureLayout& layout,
                       const KernelSensitivity& w, double weight, const UseGradient& use) {
  const auto z = projections(store, layout, w);
  const auto starts = segment_starts(layout);
  const auto width = layout.total_width();
  double product = 0;
  parallel::agree(store.grid().all(), [&] {
    store.for_each_mine([&](std::int64_t b, const FeatureBlock& features) {
      auto gradient = zero_like(features);
      for (std::size_t g = 0; g < features.groups.size(); ++g) {
        const auto& group = features.groups[g];
        auto& to = gradient.groups[g];
        std::transform(group.values.begin(), group.values.end(), to.values.begin(),
                       [&](double value) { return 2 * weight * w.diagonal * value; });
        const auto x = group_coefficients(group, store.first_structure(b), w, true);
        for (const auto& segment : group.segments)
          linalg::gemm(
              linalg::Op::none, linalg::Op::transpose, -weight,
              {z.data() + starts[static_cast<std::size_t>(segment.id)], segment.width, 2 * w.columns, width},
              {x.data(), group.rows(), 2 * w.columns}, 1.0,
              {to.values.data() + segment.offset, segment.width, group.rows(), group.width});
      }
      product += inner_product(gradient, features) / 2;
      use(b, gradient);
    });
  });
  return parallel::all_reduce(store.grid().all(), product);
}

// zeta >= 2

using Pass = std::vector<std::int64_t>;

/// My blocks in portions of at most so many bytes.
std::vector<Pass> plan_gradient_passes(const FeatureStore& store, std::int64_t memory) {
  std::vector<Pass> passes;
  std::int64_t bytes = 0;
  for (const auto b : store.my_blocks()) {
    const auto size = store.message_size(b) * static_cast<std::int64_t>(sizeof(double));
    if (passes.empty() || size > memory - bytes) {
      passes.emplace_back();
      bytes = 0;
    }
    bytes += size;
    passes.back().push_back(b);
  }
  return passes;
}

/// Collective. Block b on all ranks; its owner's features stay where they are.
const FeatureBlock& share(const FeatureStore& store, std::int64_t b, StoredBlock& received,
                          FeatureBlock& scratch) {
  const auto& comm = store.grid().all();
  if (comm.size() == 1)
    return store.mine(b, scratch);
  std::vector<double> message(static_cast<std::size_t>(store.message_size(b)));
  parallel::agree(comm, [&] {
    if (store.is_mine(b))
      message = store.stored(b).message();
  });
  parallel::broadcast(comm, std::span(message), store.owner(b));
  received = StoredBlock(message);
  return received.expand(scratch);
}

class TiledGradient {
public:
  TiledGradient(const FeatureStore& store, const KernelSensitivity& sensitivity,
                const KernelGradientOptions& options, const UseGradient& use)
      : store_(store), sensitivity_(sensitivity), options_(options), use_(use) {}

  double run(const Progress& progress) {
    const auto& comm = store_.grid().all();
    const auto passes = plan_gradient_passes(store_, options_.memory);
    const auto most = parallel::all_reduce(comm, static_cast<std::int64_t>(passes.size()), MPI_MAX);
    double product = 0;
    for (std::int64_t p = 0; p < most; ++p) {
      const auto i = static_cast<std::size_t>(p);
      product += run_pass(i < passes.size() ? passes[i] : Pass{}, [&](double share) {
        if (progress)
          progress((static_cast<double>(p) + share) / static_cast<double>(most));
      });
    }
    return parallel::all_reduce(comm, product);
  }

private:
  double run_pass(const Pass& mine, const Progress& progress) {
    std::map<std::int64_t, FeatureBlock> features, gradients;
    parallel::agree(store_.grid().all(), [&] {
      for (const auto b : mine) {
        FeatureBlock scratch;
        const auto& found = store_.mine(b, scratch);
        gradients[b] = zero_like(found);
        if (!store_.keeps(b))
          features[b] = std::move(scratch);
      }
    });
    StoredBlock received;
    FeatureBlock scratch, row_scratch;
    const auto rows_of = [&](std::int64_t b) -> const FeatureBlock& {
      const auto held = features.find(b);
      return held == features.end() ? store_.mine(b, row_scratch) : held->second;
    };
    for (std::int64_t c = 0; c < store_.blocks(); ++c) {
      const auto& cols = share(store_, c, received, scratch);
      for (const auto b : mine)
        add_tile_gradient(rows_of(b), store_.first_structure(b), cols, store_.first_structure(c),
                          sensitivity_, options_.zeta, options_.weight, products_, gradients[b]);
      progress(static_cast<double>(c + 1) / static_cast<double>(store_.blocks()));
    }
    double product = 0;
    parallel::agree(store_.grid().all(), [&] {
      for (const auto b : mine) {
        product += inner_product(gradients[b], rows_of(b)) / (2 * options_.zeta);
        use_(b, gradients[b]);
        gradients.erase(b);
      }
    });
    return product;
  }

  const FeatureStore& store_;
  const KernelSensitivity& sensitivity_;
  const KernelGradientOptions& options_;
  const UseGradient& use_;
  std::vector<double> products_;
};

// Which way

GradientSize gradient_size(const FeatureStore& store, const features::FeatureLayout& layout,
                           const KernelSensitivity& w, int zeta) {
  std::int64_t numbers = 0;
  for (std::int64_t b = 0; b < store.blocks(); ++b)
    numbers += store.message_size(b); // with a few numbers more that say what they are
  std::ptrdiff_t zeros = 0;
  for (const auto* vectors : {&w.a, &w.b})
    zeros += std::count(vectors->begin(), vectors->end(), 0.0);
  const auto structures = static_cast<double>(w.structures);
  return {zeta,
          structures,
          static_cast<double>(store.environments()),
          static_cast<double>(numbers),
          layout.total_width(),
          w.columns,
          2 * static_cast<double>(w.columns) - static_cast<double>(zeros) / structures};
}

/// Forms at once; 0: by tiles.
std::int64_t forms_for(const GradientSize& size, const KernelGradientOptions& options) {
  switch (options.way) {
  case GradientWay::tiles:
    return 0;
  case GradientWay::forms:
    expects(size.zeta == 2 && size.columns > 0, "zeta = 2 for a gradient by forms");
    return std::clamp<std::int64_t>(options.memory / form_bytes(size), 1, 2 * size.columns);
  default:
    return forms_at_once(size, options.memory);
  }
}

} // namespace

double kernel_gradient(const FeatureStore& store, const features::FeatureLayout& layout,
                       const KernelSensitivity& sensitivity, const KernelGradientOptions& options,
                       const UseGradient& use, const Progress& progress) {
  expects(sensitivity.structures == store.structures(), "a sensitivity for these structures");
  for (std::int64_t b = 0; b < store.blocks(); ++b)
    expects(!store.run(b).is_part(), "features of whole structures");
  if (options.zeta == 1)
    return primal_gradient(store, layout, sensitivity, options.weight, use);
  const auto forms = forms_for(gradient_size(store, layout, sensitivity, options.zeta), options);
  if (forms > 0)
    return low_rank_gradient(store, layout, sensitivity, options.weight, forms, use, progress);
  return TiledGradient(store, sensitivity, options, use).run(progress);
}

} // namespace soapstone::kernel
