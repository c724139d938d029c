// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/batches.hpp"

#include "soapstone/base/maximum.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::regression {

using kernel::FeatureRun;
using kernel::RowsOf;
using Structures = std::span<const structure::Structure>;

namespace {

std::int64_t rows_of(const FeatureRun& run, Structures structures, RowsOf rows) {
  if (rows == RowsOf::structures)
    return run.count;
  return run.is_part() ? static_cast<std::int64_t>(run.atoms.count)
                       : kernel::count_rows(structures.subspan(static_cast<std::size_t>(run.first),
                                                               static_cast<std::size_t>(run.count)),
                                            rows);
}

/// Returns the values of structures from those of runs, several of which may be parts of one structure.
std::vector<double> folded(const std::vector<double>& values, const std::vector<FeatureRun>& runs,
                           std::int64_t structures, std::int64_t columns, std::int64_t maxima) {
  std::vector<double> sums(static_cast<std::size_t>(structures * columns), 0.0);
  auto from = values.begin();
  for (std::int64_t c = 0; c < columns; ++c)
    for (const auto& run : runs)
      for (std::int64_t s = run.first; s < run.first + run.count; ++s, ++from) {
        auto& sum = sums[static_cast<std::size_t>(s + c * structures)];
        sum = c < columns - maxima ? sum + *from : max_or_nan(sum, *from);
      }
  return sums;
}

} // namespace

kernel::RunLimits batch_limits(std::vector<kernel::KernelSpec> kernels, Structures structures) {
  auto limits = kernel::prediction_limits;
  std::int64_t bytes = 1;
  for (auto& spec : kernels) {
    if (spec.projection) // makes batches of its own
      continue;
    spec.zeta = 2; // all rows
    for (const auto& structure : structures)
      bytes = std::max(bytes, kernel::feature_bytes(spec, structure));
  }
  limits.structures = std::clamp<std::int64_t>(most_batch_bytes / bytes, 1, limits.structures);
  return limits;
}

std::vector<double> for_batches(const parallel::Communicator& comm,
                                const std::vector<kernel::KernelSpec>& kernels, Structures structures,
                                std::int64_t columns, const BatchWork& work, const Progress& progress,
                                const BatchResult& result) {
  std::vector<kernel::FeatureFunction> features;
  features.reserve(kernels.size());
  for (const auto& spec : kernels)
    features.push_back(kernel::make_features(spec, result.rows));
  auto limits = batch_limits(kernels, structures);
  const bool means =
      std::any_of(kernels.begin(), kernels.end(), [](const auto& spec) { return spec.zeta == 1; });
  if (means && result.maxima > 0) // maxima need whole means, which parts do not have
    limits.part = std::numeric_limits<std::int64_t>::max();
  const auto runs = kernel::cut_runs(structures, limits);
  std::vector<std::int64_t> starts{0};
  for (const auto& run : runs)
    starts.push_back(starts.back() + rows_of(run, structures, result.rows));
  const auto total = starts.back();
  std::vector<double> values(static_cast<std::size_t>(total * columns), 0.0);
  parallel::agree(comm, [&] {
    for (auto b = static_cast<std::size_t>(comm.rank()); b < runs.size();
         b += static_cast<std::size_t>(comm.size())) {
      for (std::size_t i = 0; i < features.size(); ++i)
        work(i, features[i](structures, runs[b]),
             {values.data() + starts[b], starts[b + 1] - starts[b], columns, total});
      if (progress)
        progress(static_cast<double>(b + 1) / static_cast<double>(runs.size()));
    }
  });
  parallel::all_reduce(comm, std::span(values)); // every element is nonzero on one rank only: exact
  return result.rows == RowsOf::environments
             ? values
             : folded(values, runs, static_cast<std::int64_t>(structures.size()), columns, result.maxima);
}

} // namespace soapstone::regression
