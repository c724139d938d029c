// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/apply.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/message.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>

namespace soapstone::kernel {

using soap::FeatureBlock;
using Structures = std::span<const structure::Structure>;

namespace {

// New structures are taken in batches of this size whatever the number of ranks: a batch's products then
// round alike everywhere.
constexpr std::int64_t batch_size = 64;

class Applier {
public:
  Applier(const FeatureStore& training, const std::vector<double>& coefficients, const ApplyOptions& options)
      : training_(training), coefficients_(coefficients), options_(options) {}

  /// K(batch, training) x, batch x k, on all ranks.
  std::vector<double> apply(const FeatureBlock& batch) {
    const auto width = static_cast<std::size_t>(batch.structures * options_.targets);
    std::vector<double> partial(static_cast<std::size_t>(training_.blocks()) * width, 0.0);
    for (const auto& [b, block] : training_.all_mine())
      add_block(batch, b, block, partial.data() + static_cast<std::size_t>(b) * width);
    parallel::all_reduce(training_.grid().all(), std::span(partial));
    std::vector<double> result(width, 0.0);
    for (std::size_t i = 0; i < partial.size(); ++i)
      result[i % width] += partial[i];
    return result;
  }

private:
  void add_block(const FeatureBlock& batch, std::int64_t b, const FeatureBlock& block, double* out) {
    const auto m = batch.structures, n = block.structures;
    tile_.assign(static_cast<std::size_t>(m * n), 0.0);
    average_kernel_tile(batch, block, options_.zeta, options_.weight, tile_.data(),
                        std::max<std::int64_t>(m, 1), workspace_);
    linalg::gemm(linalg::Op::none, linalg::Op::none, m, options_.targets, n, 1.0, tile_.data(),
                 std::max<std::int64_t>(m, 1), coefficients_.data() + b * training_.block(),
                 training_.structures(), 0.0, out, std::max<std::int64_t>(m, 1));
  }

  const FeatureStore& training_;
  const std::vector<double>& coefficients_;
  const ApplyOptions& options_;
  TileWorkspace workspace_;
  std::vector<double> tile_;
};

Structures batch_of(Structures structures, std::int64_t b) {
  const auto first = static_cast<std::size_t>(b * batch_size);
  return first >= structures.size()
             ? Structures{}
             : structures.subspan(first, std::min(structures.size() - first, std::size_t{batch_size}));
}

/// The features of `root`'s batch on all ranks.
FeatureBlock share(const parallel::Communicator& comm, const FeatureBlock& mine, int root) {
  std::vector<double> message;
  if (comm.rank() == root)
    message = to_message(mine);
  parallel::broadcast(comm, message, root);
  return comm.rank() == root ? mine : from_message(message);
}

void copy_rows(const std::vector<double>& part, std::int64_t rows, std::int64_t at, std::int64_t total,
               std::vector<double>& all) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i) % rows, col = static_cast<std::int64_t>(i) / rows;
    all[static_cast<std::size_t>(at + row + col * total)] = part[i];
  }
}

} // namespace

std::vector<double> apply_kernel(const FeatureStore& training, Structures structures,
                                 const FeatureFunction& features, const std::vector<double>& coefficients,
                                 const ApplyOptions& options, const Progress& progress) {
  const auto& comm = training.grid().all();
  const auto total = static_cast<std::int64_t>(structures.size());
  const auto batches = (total + batch_size - 1) / batch_size;
  expects(static_cast<std::int64_t>(coefficients.size()) == training.structures() * options.targets,
          "one coefficient per structure");
  std::vector<double> result(static_cast<std::size_t>(total * options.targets));
  Applier applier(training, coefficients, options);
  for (std::int64_t first = 0; first < batches; first += comm.size()) {
    const auto mine =
        parallel::agree(comm, [&] { return features(batch_of(structures, first + comm.rank())); });
    for (auto b = first; b < std::min<std::int64_t>(batches, first + comm.size()); ++b) {
      const auto batch = share(comm, mine, static_cast<int>(b - first));
      copy_rows(applier.apply(batch), batch.structures, b * batch_size, total, result);
      if (progress)
        progress(static_cast<double>(b + 1) / static_cast<double>(batches));
    }
  }
  return result;
}

} // namespace soapstone::kernel
