// SPDX-License-Identifier: BSD-3-Clause
#include "gram_distribution.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/under_way.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::kernel {

namespace {

constexpr int row_tag = 0, column_tag = 1;
constexpr std::int64_t panel_width = 512;

/// Appends to `part`, structure after structure, the rows of a matrix with `rows` rows that a process owns
/// along one direction of a block-cyclic matrix.
void append_owned(const Numbers& matrix, std::int64_t rows, const linalg::BlockCyclic& owner, Numbers& part) {
  const auto count = owner.local_size();
  for (std::size_t start = 0; start < matrix.size(); start += static_cast<std::size_t>(rows))
    for (std::int64_t r = 0; r < count; r += owner.block()) { // blocks stay together
      const auto* from = matrix.data() + start + owner.to_global(r);
      part.insert(part.end(), from, from + std::min(owner.block(), count - r));
    }
}

linalg::BlockCyclic seen_by(const linalg::BlockCyclic& dimension, int process) {
  return {dimension.size(), dimension.block(), dimension.processes(), process};
}

} // namespace

GramDistribution::GramDistribution(const linalg::DistributedMatrix& gram)
    : gram_(&gram), outgoing_(static_cast<std::size_t>(shape().rows + shape().cols)) {}

GramDistribution::~GramDistribution() {
  parallel::keep_if_under_way(requests_, outgoing_, left_, right_);
}

GramParts GramDistribution::exchange(const Numbers& x) {
  if (comm().size() == 1)
    return {&x, &x};
  const auto f = std::max<std::int64_t>(1, gram_->rows().size());
  counts_ = parallel::all_gather(comm(), static_cast<std::int64_t>(x.size()) / f);
  requests_.clear();
  receive(gram_->rows().local_size(), row_tag, left_);
  receive(gram_->cols().local_size(), column_tag, right_);
  for (int row = 0; row < shape().rows; ++row) {
    const auto& part = owned(x, seen_by(gram_->rows(), row), row);
    for (int col = 0; col < shape().cols; ++col)
      send(part, gram_->grid().rank_of(row, col), row_tag);
  }
  for (int col = 0; col < shape().cols; ++col) {
    const auto& part = owned(x, seen_by(gram_->cols(), col), shape().rows + col);
    for (int row = 0; row < shape().rows; ++row)
      send(part, gram_->grid().rank_of(row, col), column_tag);
  }
  parallel::wait_all(comm().get(), requests_);
  return {&left_, &right_};
}

// Returns what one process of a direction needs of X: X itself if the process is alone in it.
const Numbers& GramDistribution::owned(const Numbers& x, const linalg::BlockCyclic& dimension, int buffer) {
  if (dimension.processes() == 1)
    return x;
  auto& part = outgoing_[static_cast<std::size_t>(buffer)];
  part.clear();
  append_owned(x, dimension.size(), dimension, part);
  return part;
}

void GramDistribution::receive(std::int64_t owned, int tag, Numbers& part) {
  const auto total = std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
  part.resize(static_cast<std::size_t>(owned * total));
  auto* at = part.data();
  for (int source = 0; source < comm().size(); ++source) {
    const auto size = owned * counts_[static_cast<std::size_t>(source)];
    if (size == 0)
      continue;
    requests_.emplace_back(MPI_REQUEST_NULL);
    parallel::check_mpi(MPI_Irecv(at, narrow<int>(size, "numbers of primal rows"), MPI_DOUBLE, source, tag,
                                  comm().get(), &requests_.back()),
                        "MPI_Irecv");
    at += size;
  }
}

void GramDistribution::send(const Numbers& part, int target, int tag) {
  if (part.empty())
    return;
  requests_.emplace_back(MPI_REQUEST_NULL);
  parallel::check_mpi(MPI_Isend(part.data(), narrow<int>(part.size(), "numbers of primal rows"), MPI_DOUBLE,
                                target, tag, comm().get(), &requests_.back()),
                      "MPI_Isend");
}

double add_products(const GramParts& x, linalg::DistributedMatrix& gram) {
  const auto rows = gram.rows().local_size(), cols = gram.cols().local_size();
  if (!gram.grid().active() || rows == 0 || cols == 0 || x.left->empty())
    return 0;
  const auto structures = static_cast<std::int64_t>(x.left->size()) / rows;
  double flops = 0;
  // Several block columns are computed at once, from the row on where the first of them begins. The few
  // elements that this adds above the diagonal are never read.
  const auto panel = std::max<std::int64_t>(1, panel_width / gram.cols().block()) * gram.cols().block();
  for (std::int64_t c = 0; c < cols; c += panel) {
    const auto width = std::min(panel, cols - c);
    const auto start = gram.cols().to_global(c);
    std::int64_t r = 0; // first local row on or below this block column
    while (r < rows && gram.rows().to_global(r) < start)
      r += gram.rows().block();
    if (r >= rows)
      continue;
    linalg::gemm(linalg::Op::none, linalg::Op::transpose, 1.0,
                 {x.left->data() + r, rows - r, structures, rows},
                 {x.right->data() + c, width, structures, cols}, 1.0,
                 {&gram.at_local(r, c), rows - r, width, gram.leading_dimension()});
    flops +=
        2.0 * static_cast<double>(rows - r) * static_cast<double>(width) * static_cast<double>(structures);
  }
  return flops;
}

} // namespace soapstone::kernel
