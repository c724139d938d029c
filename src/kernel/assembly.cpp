// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/assembly.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/under_way.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;

namespace {

using Pass = std::pair<std::int64_t, std::int64_t>;

/// The row blocks that my grid row needs in one pass: my own ones that the store keeps by reference, the
/// others received from their owners or computed.
class RowBlocks {
public:
  RowBlocks(const FeatureStore& store, Pass pass) : store_(store), pass_(pass) { exchange(); }

  const FeatureBlock& get(std::int64_t b, FeatureBlock& scratch) const {
    const auto held = held_.find(b);
    return held == held_.end() ? store_.mine(b, scratch) : held->second.expand(scratch);
  }

private:
  void exchange() {
    std::map<std::int64_t, std::vector<double>> incoming, outgoing;
    std::vector<MPI_Request> requests;
    const parallel::KeptMemory at_the_end(requests, incoming, outgoing);
    for (auto b = pass_.first; b < pass_.second; ++b) {
      const int row = static_cast<int>(b % store_.grid().shape().rows);
      if (store_.is_mine(b))
        provide(b, row, outgoing, requests);
      else if (row == store_.grid().row())
        receive(b, incoming[b], requests);
    }
    parallel::wait_all(store_.grid().all().get(), requests);
    for (auto& [b, message] : incoming) {
      held_.emplace(b, StoredBlock(message));
      message = {};
    }
  }

  void receive(std::int64_t b, std::vector<double>& message, std::vector<MPI_Request>& requests) {
    message.resize(static_cast<std::size_t>(store_.message_size(b)));
    requests.emplace_back(MPI_REQUEST_NULL);
    parallel::check_mpi(MPI_Irecv(message.data(), narrow<int>(message.size(), "doubles in a feature block"),
                                  MPI_DOUBLE, store_.owner(b), tag(b), store_.grid().all().get(),
                                  &requests.back()),
                        "MPI_Irecv");
  }

  /// One of my own blocks, for the ranks of grid row `row`: to the others, and if I am one of them held for
  /// the pass unless the store keeps it.
  void provide(std::int64_t b, int row, std::map<std::int64_t, std::vector<double>>& outgoing,
               std::vector<MPI_Request>& requests) {
    const bool hold = row == store_.grid().row() && !store_.keeps(b);
    const bool alone = row == store_.grid().row() && store_.grid().shape().cols == 1;
    if (alone && !hold)
      return;
    auto features = store_.stored(b);
    if (!alone)
      send(b, row, outgoing[b] = features.message(), requests);
    if (hold)
      held_.emplace(b, std::move(features));
  }

  void send(std::int64_t b, int row, const std::vector<double>& message, std::vector<MPI_Request>& requests) {
    for (int col = 0; col < store_.grid().shape().cols; ++col) {
      const int target = store_.grid().rank_of(row, col);
      if (target == store_.owner(b))
        continue;
      requests.emplace_back(MPI_REQUEST_NULL);
      parallel::check_mpi(MPI_Isend(message.data(), narrow<int>(message.size(), "doubles in a feature block"),
                                    MPI_DOUBLE, target, tag(b), store_.grid().all().get(), &requests.back()),
                          "MPI_Isend");
    }
  }

  int tag(std::int64_t b) const { return narrow<int>((b - pass_.first) % 32768); }

  const FeatureStore& store_;
  Pass pass_;
  std::map<std::int64_t, StoredBlock> held_;
};

/// The column blocks of my grid column, one after the other. While one is worked on the next is on its way
/// down the grid column.
class ColumnBlocks {
public:
  ColumnBlocks(const FeatureStore& store, std::int64_t end)
      : store_(store), next_(store.grid().col()), end_(end) {
    start();
  }
  ~ColumnBlocks() { parallel::keep_if_under_way(std::span(&request_, 1), message_); }
  ColumnBlocks(const ColumnBlocks&) = delete;
  ColumnBlocks& operator=(const ColumnBlocks&) = delete;

  /// Block `next`, then the one after it.
  const FeatureBlock& take() {
    const auto b = next_;
    next_ += store_.grid().shape().cols;
    if (store_.grid().shape().rows == 1)
      return store_.mine(b, scratch_);
    parallel::wait_all(store_.grid().col_ranks().get(), std::span(&request_, 1));
    current_ = {};
    current_ = StoredBlock(message_);
    message_ = {};
    start();
    return current_.expand(scratch_);
  }

  /// Lets the transfer move on: MPI libraries without a progress thread move data inside their calls only.
  void poll() {
    int done = 0;
    if (request_ != MPI_REQUEST_NULL)
      parallel::check_mpi(MPI_Test(&request_, &done, MPI_STATUS_IGNORE), "MPI_Test");
  }

private:
  void start() {
    if (store_.grid().shape().rows == 1 || next_ >= end_)
      return;
    if (store_.is_mine(next_))
      message_ = store_.stored(next_).message();
    message_.resize(static_cast<std::size_t>(store_.message_size(next_)));
    parallel::check_mpi(MPI_Ibcast(message_.data(),
                                   narrow<int>(message_.size(), "doubles in a feature block"), MPI_DOUBLE,
                                   store_.owner(next_) / store_.grid().shape().cols,
                                   store_.grid().col_ranks().get(), &request_),
                        "MPI_Ibcast");
  }

  const FeatureStore& store_;
  std::int64_t next_, end_;
  std::vector<double> message_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  StoredBlock current_;
  FeatureBlock scratch_;
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

double expected_tiles(const FeatureStore& rows, const FeatureStore& cols, Extent extent) {
  const auto shape = rows.grid().shape();
  const double tiles =
      static_cast<double>(rows.blocks()) / shape.rows * static_cast<double>(cols.blocks()) / shape.cols;
  return std::max(1.0, extent == Extent::lower ? tiles / 2 : tiles);
}

/// Lets the products of a pair of blocks be added to their place in the matrix.
class DirectOutput {
public:
  explicit DirectOutput(linalg::DistributedMatrix& matrix) : matrix_(matrix) {}

  void begin_column(std::int64_t) {}
  void end_pass() {}
  double* tile(std::int64_t r, std::int64_t c) {
    return &matrix_.at_local(matrix_.rows().to_local(r * matrix_.rows().block()),
                             matrix_.cols().to_local(c * matrix_.cols().block()));
  }
  std::int64_t leading_dimension() const { return matrix_.leading_dimension(); }
  double weight(std::int64_t, std::int64_t) const { return 1; }

private:
  linalg::DistributedMatrix& matrix_;
};

/// Serves blocks that are cut by atoms, where several ranks contribute to the elements of a structure. Each
/// rank adds up its contributions in a panel of some columns of structures, and the sum of the panels over
/// the ranks is added to the matrix. begin_column() and end_pass() are collective over the grid.
class PanelOutput {
public:
  PanelOutput(linalg::DistributedMatrix& matrix, const FeatureStore& rows, const FeatureStore& cols,
              Extent extent)
      : matrix_(matrix), row_store_(rows), col_store_(cols), lower_(extent == Extent::lower) {}

  void begin_column(std::int64_t c) {
    const auto end = col_store_.first_structure(c) + col_store_.block_size(c);
    if ((end - first_) * height() > panel_numbers)
      close();
    if (values_.empty())
      first_ = col_store_.first_structure(c);
    values_.resize(static_cast<std::size_t>((end - first_) * height()), 0.0);
  }
  void end_pass() { close(); }
  double* tile(std::int64_t r, std::int64_t c) {
    return values_.data() + row_store_.first_structure(r) +
           (col_store_.first_structure(c) - first_) * height();
  }
  std::int64_t leading_dimension() const { return height(); }
  /// The products of two parts of one structure count twice, since the lower triangle has a block for the
  /// second part with the first, but none for the first with the second.
  double weight(std::int64_t r, std::int64_t c) const {
    return lower_ && r != c && row_store_.first_structure(r) == col_store_.first_structure(c) ? 2 : 1;
  }

private:
  static constexpr std::int64_t panel_numbers = panel_bytes / sizeof(double);

  std::int64_t height() const { return std::max<std::int64_t>(1, row_store_.structures()); }
  std::int64_t end() const { return first_ + static_cast<std::int64_t>(values_.size()) / height(); }
  bool holds(std::int64_t col) const { return col >= first_ && col < end(); }
  double value(std::int64_t row, std::int64_t col) const {
    return values_[static_cast<std::size_t>(row + (col - first_) * height())];
  }

  /// Returns what the panel adds to an element. Elements above the diagonal, in diagonal blocks, mirror those
  /// below.
  double element(std::int64_t row, std::int64_t col) const {
    if (!lower_ || row >= col)
      return holds(col) ? value(row, col) : 0;
    return holds(row) && row / matrix_.rows().block() == col / matrix_.cols().block() ? value(col, row) : 0;
  }

  void close() {
    parallel::all_reduce(matrix_.grid().members(), std::span(values_));
    const auto last = std::min(matrix_.cols().size(), end() + (lower_ ? matrix_.cols().block() : 0));
    for (auto c = matrix_.cols().mine_below(first_); c < matrix_.cols().mine_below(last); ++c)
      for (std::int64_t r = 0; r < matrix_.rows().local_size(); ++r)
        matrix_.at_local(r, c) += element(matrix_.rows().to_global(r), matrix_.cols().to_global(c));
    values_.clear();
  }

  linalg::DistributedMatrix& matrix_;
  const FeatureStore& row_store_;
  const FeatureStore& col_store_;
  bool lower_;
  std::int64_t first_ = 0;     ///< first column of the panel
  std::vector<double> values_; ///< structures x columns so far
};

template <typename Output>
double run_assembly(Output output, const FeatureStore& rows, const FeatureStore& cols,
                    const AssemblyOptions& options, const Progress& progress) {
  const auto& grid = rows.grid();
  const bool lower = options.extent == Extent::lower;
  TileWorkspace workspace;
  FeatureBlock row_scratch;
  TileCount tile_done(expected_tiles(rows, cols, options.extent), progress);
  double flops = 0;
  for (const auto& pass : plan_passes(rows, options.row_memory)) {
    const RowBlocks row_blocks(rows, pass);
    const auto last_column = lower ? pass.second : cols.blocks();
    ColumnBlocks columns(cols, last_column);
    for (std::int64_t c = 0; c < last_column; ++c) {
      output.begin_column(c);
      if (c % grid.shape().cols != grid.col())
        continue;
      const auto& column = columns.take();
      for (auto r = lower ? std::max(pass.first, c) : pass.first; r < pass.second; ++r) {
        if (r % grid.shape().rows != grid.row())
          continue;
        const auto& row = row_blocks.get(r, row_scratch);
        flops += average_kernel_tile(
            row, column, options.zeta, options.weight * output.weight(r, c),
            {output.tile(r, c), row.structures, column.structures, output.leading_dimension()}, workspace,
            options.coupling);
        columns.poll();
        tile_done();
      }
    }
    output.end_pass();
  }
  return flops;
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
  expects(matrix.rows().block() == rows.block() && matrix.cols().block() == cols.block(),
          "equal block sizes");
  if (!matrix.grid().active())
    return 0;
  return rows.is_cut() || cols.is_cut()
             ? run_assembly(PanelOutput(matrix, rows, cols, options.extent), rows, cols, options, progress)
             : run_assembly(DirectOutput(matrix), rows, cols, options, progress);
}

std::int64_t assembly_memory(std::int64_t row_block, std::int64_t col_block, linalg::GridShape grid) {
  constexpr std::int64_t messages = std::int64_t{32}
                                    << 20; // measured 10 to 45 MiB, with the holes they leave
  if (grid.rows * grid.cols == 1)
    return 0;
  return row_block + (grid.rows > 1 ? 2 * col_block : 0) + messages;
}

std::int64_t panels_memory(std::int64_t m, std::int64_t n, std::int64_t block) {
  constexpr std::int64_t number = sizeof(double);
  return 2 * std::min(number * m * n, std::max(panel_bytes, number * m * block));
}

} // namespace soapstone::kernel
