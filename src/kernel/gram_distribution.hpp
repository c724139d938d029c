// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/large_array.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

using Numbers = LargeArray<double>;

/// The part of X that a rank needs for its part of the Gram matrix X X^T: the rows and the columns of the F x
/// F matrix that it owns, for the structures of all ranks.
struct GramParts {
  const Numbers *left, *right; ///< my rows x structures, my columns x structures
};

/// Sends every rank's structures X (F x mine) to the owners of rows and columns of the Gram matrix: of a
/// structure F / P + F / Q numbers reach a rank of a P x Q grid. Keeps its buffers from step to step, since
/// fresh memory costs as much as sending it.
class GramDistribution {
public:
  explicit GramDistribution(const linalg::DistributedMatrix& gram);
  ~GramDistribution();
  GramDistribution(const GramDistribution&) = delete;
  GramDistribution& operator=(const GramDistribution&) = delete;

  /// Collective. The parts are valid until the next exchange, and while `x` is as it is.
  GramParts exchange(const Numbers& x);

private:
  const parallel::Communicator& comm() const { return gram_->grid().all(); }
  linalg::GridShape shape() const { return gram_->grid().shape(); }
  const Numbers& owned(const Numbers& x, const linalg::BlockCyclic& dimension, int buffer);
  void receive(std::int64_t owned, int tag, Numbers& part);
  void send(const Numbers& part, int target, int tag);

  const linalg::DistributedMatrix* gram_;
  std::vector<std::int64_t> counts_; ///< structures of every rank
  std::vector<MPI_Request> requests_;
  std::vector<Numbers> outgoing_; ///< for every grid row, then for every grid column
  Numbers left_, right_;          ///< of all ranks' structures
};

/// Adds X X^T to my part of the lower triangle of `gram`. Returns the floating-point operations.
double add_products(const GramParts& x, linalg::DistributedMatrix& gram);

} // namespace soapstone::kernel
