// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/calibration.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>

namespace soapstone::planning {

using structure::Structure;

namespace {

constexpr std::size_t sample_environments = 400;
constexpr std::int64_t sample_bytes = std::int64_t{1} << 27;
constexpr double shortest_measurement = 0.05; // seconds

/// Structures at even distances, as many as make enough environments within the memory that may be used.
std::vector<Structure> take_sample(const std::vector<kernel::KernelSpec>& kernels,
                                   std::span<const Structure> structures) {
  std::size_t atoms = 0;
  for (const auto& structure : structures)
    atoms += structure.size();
  const auto wanted = std::clamp<std::size_t>(
      sample_environments * structures.size() / std::max<std::size_t>(1, atoms), 1, 400);
  const auto step = std::max<std::size_t>(1, structures.size() / wanted);
  std::vector<Structure> sample;
  std::int64_t bytes = 0;
  for (std::size_t s = step / 2; s < structures.size() && sample.size() < wanted; s += step) {
    for (const auto& spec : kernels)
      bytes += kernel::feature_bytes(spec, structures[s]);
    if (!sample.empty() && bytes > sample_bytes)
      break;
    sample.push_back(structures[s]);
  }
  return sample;
}

/// Seconds of one call, the mean over as many as make a measurement.
template <typename Work>
double seconds_of(Work&& work) {
  const Stopwatch watch;
  int calls = 0;
  do {
    work();
    ++calls;
  } while (watch.seconds() < shortest_measurement);
  return watch.seconds() / calls;
}

/// Returns the run of the sample that is measured: all of it, or a part of its first structure if this is
/// large.
kernel::FeatureRun run_of(std::span<const Structure> sample) {
  const auto first = kernel::cut_runs(sample.first(1), {}).front();
  return first.is_part() ? first : kernel::FeatureRun{0, static_cast<std::int64_t>(sample.size())};
}

/// Adds the seconds of one kernel's features and tile to the rates.
double measure_kernel(const kernel::KernelSpec& spec, std::span<const Structure> sample, Rates& rates) {
  const Stopwatch setup;
  const auto compute = kernel::make_features(spec);
  rates.setup_seconds += setup.seconds();
  const auto run = run_of(sample);
  auto block = compute(sample, run); // the first call allocates
  rates.environment_seconds += seconds_of([&] { block = compute(sample, run); });
  const auto n = block.structures;
  std::vector<double> out(static_cast<std::size_t>(n * n), 0.0);
  kernel::TileWorkspace workspace;
  double flops = 0;
  const auto coupling = kernel::pairwise_coupling(spec);
  const auto tile = [&] {
    flops = kernel::average_kernel_tile(block, block, spec.zeta, spec.weight, {out.data(), n, n}, workspace,
                                        coupling.get());
  };
  tile();
  const double parts = run.is_part() && spec.zeta > 1
                           ? static_cast<double>(sample.front().size()) / static_cast<double>(run.atoms.count)
                           : 1.0;
  rates.pair_seconds += parts * parts * seconds_of(tile);
  return parts * parts * flops;
}

} // namespace

Rates calibrate(const parallel::Communicator& comm, const Machine& machine,
                const std::vector<kernel::KernelSpec>& kernels, std::span<const Structure> structures) {
  auto rates = parallel::agree(comm, [&] {
    Rates mine;
    const auto sample = take_sample(kernels, structures);
    const auto run = run_of(sample);
    mine.structures = run.count;
    mine.environments = run.is_part() ? static_cast<std::int64_t>(run.atoms.count)
                                      : kernel::count_rows(sample, kernel::RowsOf::environments);
    double flops = 0;
    for (const auto& spec : kernels)
      flops += measure_kernel(spec, sample, mine);
    mine.tile_gflops = 1e-9 * flops / mine.pair_seconds;
    return mine;
  });
  const auto n = static_cast<double>(rates.structures);
  rates.environment_seconds = parallel::all_reduce(comm, rates.environment_seconds, MPI_MAX) /
                              static_cast<double>(std::max<std::int64_t>(1, rates.environments));
  rates.setup_seconds = parallel::all_reduce(comm, rates.setup_seconds, MPI_MAX);
  rates.pair_seconds = parallel::all_reduce(comm, rates.pair_seconds, MPI_MAX) / (n * n);
  rates.tile_gflops = parallel::all_reduce(comm, rates.tile_gflops, MPI_MIN);
  rates.dgemm_gflops = machine.dgemm_gflops;
  return rates;
}

} // namespace soapstone::planning
