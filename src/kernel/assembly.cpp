// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/assembly.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/message.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace soapstone::kernel {

using soap::FeatureBlock;

namespace {

using Pass = std::pair<std::int64_t, std::int64_t>;

/// The row blocks that my grid row needs in one pass: my own ones by reference, the others received from
/// their owners.
class RowBlocks {
public:
  RowBlocks(const FeatureStore& store, Pass pass) : store_(store), pass_(pass) { exchange(); }

  const FeatureBlock& get(std::int64_t b) const {
    return store_.is_mine(b) ? store_.mine(b) : received_.at(b);
  }

private:
  void exchange() {
    std::map<std::int64_t, std::vector<double>> incoming, outgoing;
    std::vector<MPI_Request> requests;
    for (auto b = pass_.first; b < pass_.second; ++b) {
      const int row = static_cast<int>(b % store_.grid().shape().rows);
      if (row == store_.grid().row() && !store_.is_mine(b))
        receive(b, incoming[b], requests);
      if (store_.is_mine(b))
        send(b, row, outgoing, requests);
    }
    parallel::check_mpi(MPI_Waitall(narrow<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
                        "MPI_Waitall");
    for (auto& [b, message] : incoming) {
      received_.emplace(b, from_message(message));
      message = {};
    }
  }

  void receive(std::int64_t b, std::vector<double>& message, std::vector<MPI_Request>& requests) {
    message.resize(static_cast<std::size_t>(store_.message_size(b)));
    requests.emplace_back();
    parallel::check_mpi(MPI_Irecv(message.data(), narrow<int>(message.size(), "doubles in a feature block"),
                                  MPI_DOUBLE, store_.owner(b), tag(b), store_.grid().all().get(),
                                  &requests.back()),
                        "MPI_Irecv");
  }

  void send(std::int64_t b, int row, std::map<std::int64_t, std::vector<double>>& outgoing,
            std::vector<MPI_Request>& requests) {
    for (int col = 0; col < store_.grid().shape().cols; ++col) {
      const int target = store_.grid().rank_of(row, col);
      if (target == store_.owner(b))
        continue;
      auto& message = outgoing[b];
      if (message.empty())
        message = to_message(store_.mine(b));
      requests.emplace_back();
      parallel::check_mpi(MPI_Isend(message.data(), narrow<int>(message.size(), "doubles in a feature block"),
                                    MPI_DOUBLE, target, tag(b), store_.grid().all().get(), &requests.back()),
                          "MPI_Isend");
    }
  }

  int tag(std::int64_t b) const { return narrow<int>((b - pass_.first) % 32768); }

  const FeatureStore& store_;
  Pass pass_;
  std::map<std::int64_t, FeatureBlock> received_;
};

/// The column block b on all ranks of its grid column.
class ColumnBlock {
public:
  ColumnBlock(const FeatureStore& store, std::int64_t b) {
    if (store.grid().shape().rows == 1) {
      block_ = &store.mine(b);
      return;
    }
    const int root = store.owner(b) / store.grid().shape().cols;
    std::vector<double> message;
    if (store.is_mine(b))
      message = to_message(store.mine(b));
    message.resize(static_cast<std::size_t>(store.message_size(b)));
    parallel::broadcast(store.grid().col_ranks(), std::span(message), root);
    if (store.is_mine(b))
      block_ = &store.mine(b);
    else
      block_ = &received_.emplace(from_message(message));
  }
  const FeatureBlock& get() const { return *block_; }

private:
  const FeatureBlock* block_ = nullptr;
  std::optional<FeatureBlock> received_;
};

/// Share of the work done, in tiles, for the progress line.
class TileCount {
public:
  TileCount(double total, const Progress& progress) : total_(total), progress_(progress) {}
  void operator()() {
    ++done_;
    if (progress_)
      progress_(std::min(1.0, done_ / total_));
  }

private:
  double total_, done_ = 0;
  const Progress& progress_;
};

double expected_tiles(const linalg::DistributedMatrix& matrix, Extent extent) {
  const auto rows = static_cast<double>(matrix.rows().blocks()) / matrix.rows().processes();
  const auto cols = static_cast<double>(matrix.cols().blocks()) / matrix.cols().processes();
  return std::max(1.0, extent == Extent::lower ? rows * cols / 2 : rows * cols);
}

} // namespace

std::vector<Pass> plan_passes(const FeatureStore& rows, std::int64_t row_memory) {
  const auto grid_rows = rows.grid().shape().rows;
  std::vector<Pass> passes;
  std::vector<std::int64_t> bytes; // gathered so far in this pass by each grid row
  for (std::int64_t b = 0; b < rows.blocks(); ++b) {
    const auto row = static_cast<std::size_t>(b % grid_rows);
    const auto size = rows.message_size(b) * static_cast<std::int64_t>(sizeof(double));
    if (passes.empty() || (bytes[row] > 0 && bytes[row] + size > row_memory)) {
      passes.emplace_back(b, b);
      bytes.assign(static_cast<std::size_t>(grid_rows), 0);
    }
    bytes[row] += size;
    passes.back().second = b + 1;
  }
  return passes;
}

double assemble_kernel(linalg::DistributedMatrix& matrix, const FeatureStore& rows, const FeatureStore& cols,
                       const AssemblyOptions& options, const Progress& progress) {
  const auto& grid = matrix.grid();
  expects(matrix.rows().block() == rows.block() && matrix.cols().block() == cols.block(),
          "equal block sizes");
  if (!grid.active())
    return 0;
  const bool lower = options.extent == Extent::lower;
  TileWorkspace workspace;
  TileCount tile_done(expected_tiles(matrix, options.extent), progress);
  double flops = 0;
  for (const auto& pass : plan_passes(rows, options.row_memory)) {
    const RowBlocks row_blocks(rows, pass);
    for (std::int64_t c = grid.col(); c < (lower ? pass.second : cols.blocks()); c += grid.shape().cols) {
      const ColumnBlock column(cols, c);
      for (auto r = lower ? std::max(pass.first, c) : pass.first; r < pass.second; ++r) {
        if (r % grid.shape().rows != grid.row())
          continue;
        auto* out = &matrix.at_local(matrix.rows().to_local(r * rows.block()),
                                     matrix.cols().to_local(c * cols.block()));
        flops += average_kernel_tile(row_blocks.get(r), column.get(), options.zeta, options.weight, out,
                                     matrix.leading_dimension(), workspace);
        tile_done();
      }
    }
  }
  return flops;
}

} // namespace soapstone::kernel
