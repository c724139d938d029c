// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

#include <string>
#include <vector>

namespace soapstone::mpitest {

/// A rendezvous of all ranks that cannot hang. Every rank tells every other that it is there, so a rank that
/// waits too long can name those that are missing; it then aborts the job with exit code 1.
class Rendezvous {
public:
  /// Collective. Uses a duplicate of `comm`, so that messages lost by a test cannot be mistaken for its own.
  Rendezvous(MPI_Comm comm, double patience);
  ~Rendezvous();
  Rendezvous(const Rendezvous&) = delete;
  Rendezvous& operator=(const Rendezvous&) = delete;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }

  /// Collective. The words of all ranks in rank order. `where` is for the message when ranks stay away.
  std::vector<int> meet(int mine, const std::string& where);

private:
  bool wait_for_all(std::vector<MPI_Request>& arrivals) const;
  [[noreturn]] void give_up(const std::vector<MPI_Request>& arrivals, const std::string& where) const;

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1, round_ = 0;
  double patience_;
};

/// "rank 2" or "ranks 1, 2".
std::string name_ranks(const std::vector<int>& ranks);

/// Writes "[rank r] text" to standard output at once and whole.
void say(int rank, const std::string& text);

} // namespace soapstone::mpitest
