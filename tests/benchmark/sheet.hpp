// SPDX-License-Identifier: BSD-3-Clause
// What the stages share: the run's settings, timing on all ranks together, and the table of results.
#pragma once

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace soapstone::benchmark {

/// How much work a run may take on: smoke for tests (a second or two), quick, normal, and large with a
/// Cholesky of order 16 000.
enum class Effort { smoke, quick, normal, large };

struct Settings {
  Effort effort = Effort::normal;
  std::string data;   ///< molecules, extended XYZ
  std::string folder; ///< for the HDF5 file
  std::string output; ///< CSV file; empty: standard output
  /// The value for this run's effort.
  std::int64_t pick(std::int64_t smoke, std::int64_t quick, std::int64_t normal) const {
    return effort == Effort::smoke ? smoke : effort == Effort::quick ? quick : normal;
  }
};

/// One line of the table. Numbers that make no sense for a stage are 0 and stay empty in the CSV.
struct Row {
  std::string name, size;
  double seconds = 0;
  double rate = 0;
  std::string unit; ///< of the rate
  double gflops = 0;
};

/// Results of one run, the same on every rank.
class Sheet {
public:
  explicit Sheet(const parallel::Communicator& comm) : comm_(&comm) {}
  const parallel::Communicator& comm() const { return *comm_; }

  void add(Row row) { rows_.push_back(std::move(row)); }

  /// Collective. All ranks multiply at once; `name` tells first from last.
  void add_dgemm(const std::string& name, double seconds);

  /// CSV; fractions are of the best dgemm row's rate on all ranks together.
  void write(std::ostream& out) const;

private:
  const parallel::Communicator* comm_;
  std::vector<Row> rows_;
  double limit_ = 0; ///< GFLOP/s of all ranks
};

/// Collective. Seconds of the slowest rank in the fastest of `repeats` runs of work(make()); make() is not
/// timed.
template <typename Make, typename Work>
double best_seconds(const parallel::Communicator& comm, std::int64_t repeats, Make&& make, Work&& work) {
  double best = std::numeric_limits<double>::infinity();
  for (std::int64_t i = 0; i < repeats; ++i) {
    auto input = make();
    comm.barrier();
    const Stopwatch watch;
    work(input);
    best = std::min(best, parallel::all_reduce(comm, watch.seconds(), MPI_MAX));
  }
  return best;
}

template <typename Work>
double best_seconds(const parallel::Communicator& comm, std::int64_t repeats, Work&& work) {
  return best_seconds(
      comm, repeats, [] { return 0; }, [&](int) { work(); });
}

} // namespace soapstone::benchmark
