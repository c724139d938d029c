// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/apply.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;
using Structures = std::span<const structure::Structure>;

namespace {

// Bytes of new features that wait together for training features that have to be computed anew, at most; and
// no more than what is kept of these, since planning leaves as much free as that (MemoryNeed::within).
constexpr std::int64_t most_waiting = std::int64_t{1} << 28;

std::int64_t partial_sums(const RunLimits& limits, std::int64_t k, std::int64_t training_blocks) {
  return 2 * static_cast<std::int64_t>(sizeof(double)) * limits.structures * k * training_blocks;
}

class Applier {
public:
  Applier(const FeatureStore& training, const std::vector<double>& coefficients, const ApplyOptions& options)
      : training_(training), coefficients_(coefficients), options_(options) {}

  /// K(batch, training) x of several batches, batch x k each, on all ranks.
  std::vector<std::vector<double>> apply(const std::vector<FeatureBlock>& batches) {
    std::vector<std::vector<double>> partial;
    partial.reserve(batches.size());
    for (const auto& batch : batches)
      partial.emplace_back(static_cast<std::size_t>(training_.blocks()) * width(batch), 0.0);
    training_.for_each_mine([&](std::int64_t b, const FeatureBlock& block) {
      for (std::size_t i = 0; i < batches.size(); ++i)
        add_block(batches[i], b, block, partial[i].data() + static_cast<std::size_t>(b) * width(batches[i]));
    });
    std::vector<std::vector<double>> results;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      parallel::all_reduce(training_.grid().all(), std::span(partial[i]));
      auto& result = results.emplace_back(width(batches[i]), 0.0);
      for (std::size_t j = 0; j < partial[i].size(); ++j)
        result[j % result.size()] += partial[i][j];
    }
    return results;
  }

private:
  std::size_t width(const FeatureBlock& batch) const {
    return static_cast<std::size_t>(batch.structures * options_.targets);
  }

  void add_block(const FeatureBlock& batch, std::int64_t b, const FeatureBlock& block, double* out) {
    const auto m = batch.structures, n = block.structures;
    tile_.assign(static_cast<std::size_t>(m * n), 0.0);
    average_kernel_tile(batch, block, options_.zeta, options_.weight, {tile_.data(), m, n}, workspace_,
                        options_.coupling);
    linalg::gemm(
        linalg::Op::none, linalg::Op::none, 1.0, {tile_.data(), m, n, std::max<std::int64_t>(m, 1)},
        {coefficients_.data() + training_.first_structure(b), n, options_.targets, training_.structures()},
        0.0, {out, m, options_.targets, std::max<std::int64_t>(m, 1)});
  }

  const FeatureStore& training_;
  const std::vector<double>& coefficients_;
  const ApplyOptions& options_;
  TileWorkspace workspace_;
  std::vector<double> tile_;
};

/// The features of `root`'s batch on all ranks; taken from `mine` there.
FeatureBlock share(const parallel::Communicator& comm, FeatureBlock& mine, int root) {
  std::vector<double> message;
  if (comm.rank() == root)
    message = StoredBlock(mine, Precision::float64).message();
  parallel::broadcast(comm, message, root);
  if (comm.rank() == root)
    return std::move(mine);
  FeatureBlock scratch;
  return StoredBlock(message).expand(scratch);
}

/// Batches that every rank computes before the training features are gone through once: one where all of
/// these are at hand, else as many as may wait, with their partial sums.
std::int64_t batches_per_rank(const FeatureStore& training, Structures structures,
                              const std::vector<FeatureRun>& batches, const FeatureFunction& features,
                              const ApplyOptions& options) {
  if (training.keeps_all() || batches.empty())
    return 1;
  const auto& comm = training.grid().all();
  const auto bytes = parallel::agree(comm, [&] {
    return static_cast<std::int64_t>(features(structures, batches.front()).bytes()) +
           partial_sums(options.batches, options.targets, training.blocks());
  });
  const auto memory = std::min(most_waiting, parallel::all_reduce(comm, training.memory(), MPI_MIN));
  return std::max<std::int64_t>(1, memory / std::max<std::int64_t>(1, bytes * comm.size()));
}

/// Returns, for each batch, the first row of the result to which it contributes.
std::vector<std::int64_t> first_rows(Structures structures, const std::vector<FeatureRun>& batches,
                                     RowsOf rows) {
  std::vector<std::int64_t> firsts;
  std::int64_t before = 0, counted = 0; // structures counted so far
  for (const auto& batch : batches) {
    before += count_rows(structures.subspan(static_cast<std::size_t>(counted),
                                            static_cast<std::size_t>(batch.first - counted)),
                         rows);
    counted = batch.first;
    firsts.push_back(before +
                     (rows == RowsOf::environments ? static_cast<std::int64_t>(batch.atoms.first) : 0));
  }
  return firsts;
}

void add_rows(const std::vector<double>& part, std::int64_t rows, std::int64_t at, std::int64_t total,
              std::vector<double>& all) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) % rows, col = static_cast<std::int64_t>(i) / rows;
    all[static_cast<std::size_t>(at + row + col * total)] += part[i];
  }
}

} // namespace

std::int64_t apply_memory(const RunLimits& limits, std::int64_t batch, std::int64_t work, std::int64_t k,
                          std::int64_t training_blocks) {
  constexpr std::int64_t copies = 3; // the batch, its stored form, and the message
  return std::max(batch + work, copies * batch) + partial_sums(limits, k, training_blocks);
}

std::vector<double> apply_kernel(const FeatureStore& training, Structures structures,
                                 const FeatureFunction& features, const std::vector<double>& coefficients,
                                 const ApplyOptions& options, const Progress& progress) {
  const auto& comm = training.grid().all();
  const auto total = count_rows(structures, options.rows);
  const auto runs = cut_runs(structures, options.batches);
  const auto rows = first_rows(structures, runs, options.rows);
  const auto batches = static_cast<std::int64_t>(runs.size());
  expects(static_cast<std::int64_t>(coefficients.size()) == training.structures() * options.targets,
          "one coefficient per structure");
  std::vector<double> result(static_cast<std::size_t>(total * options.targets));
  Applier applier(training, coefficients, options);
  // Where all training features are at hand a batch is used as soon as it is shared, so that no rank holds
  // more than its own and that one.
  std::vector<FeatureBlock> waiting;
  std::int64_t done = 0;
  const auto use = [&] {
    const auto parts = applier.apply(waiting);
    for (std::size_t i = 0; i < parts.size(); ++i)
      add_rows(parts[i], waiting[i].structures, rows[static_cast<std::size_t>(done) + i], total, result);
    done += static_cast<std::int64_t>(waiting.size());
    waiting.clear();
  };
  const auto each = batches_per_rank(training, structures, runs, features, options);
  for (std::int64_t first = 0; first < batches; first += comm.size()) {
    auto mine = parallel::agree(comm, [&] {
      return first + comm.rank() < batches
                 ? features(structures, runs[static_cast<std::size_t>(first + comm.rank())])
                 : FeatureBlock{};
    });
    const auto last = std::min<std::int64_t>(batches, first + comm.size());
    for (auto batch = first; batch < last; ++batch) {
      waiting.push_back(share(comm, mine, static_cast<int>(batch - first)));
      if (training.keeps_all() || batch + 1 == batches ||
          static_cast<std::int64_t>(waiting.size()) == each * comm.size())
        use();
    }
    if (progress)
      progress(static_cast<double>(done) / static_cast<double>(batches));
  }
  return result;
}

} // namespace soapstone::kernel
