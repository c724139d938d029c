// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/batches.hpp"

#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>

namespace soapstone::regression {

namespace {

constexpr std::int64_t most_structures = 64;

/// Structures of a batch: the same on any number of ranks, so that products round alike.
std::size_t batch_size_for(std::vector<kernel::KernelSpec> kernels,
                           std::span<const structure::Structure> structures) {
  std::int64_t bytes = 1;
  for (auto& spec : kernels) {
    if (spec.reduction) // makes batches of its own
      continue;
    spec.zeta = 2; // all rows
    for (const auto& structure : structures)
      bytes = std::max(bytes, kernel::feature_bytes(spec, structure));
  }
  return static_cast<std::size_t>(std::clamp<std::int64_t>(most_batch_bytes / bytes, 1, most_structures));
}

} // namespace

std::vector<double> for_batches(const parallel::Communicator& comm,
                                const std::vector<kernel::KernelSpec>& kernels,
                                std::span<const structure::Structure> structures, std::int64_t columns,
                                const BatchWork& work, const Progress& progress, kernel::RowsOf rows) {
  std::vector<kernel::FeatureFunction> features;
  features.reserve(kernels.size());
  for (const auto& spec : kernels)
    features.push_back(kernel::make_features(spec, rows));
  const auto total = kernel::count_rows(structures, rows);
  std::vector<double> values(static_cast<std::size_t>(total * columns), 0.0);
  const auto batch_size = batch_size_for(kernels, structures);
  parallel::agree(comm, [&] {
    const auto stride = batch_size * static_cast<std::size_t>(comm.size());
    for (auto first = batch_size * static_cast<std::size_t>(comm.rank()); first < structures.size();
         first += stride) {
      const auto batch = structures.subspan(first, std::min(batch_size, structures.size() - first));
      for (std::size_t i = 0; i < features.size(); ++i)
        work(i, features[i](batch), values.data() + kernel::count_rows(structures.first(first), rows), total);
      if (progress)
        progress(std::min(1.0, static_cast<double>(first + stride) / static_cast<double>(structures.size())));
    }
  });
  parallel::all_reduce(comm, std::span(values)); // every element is nonzero on one rank only: exact
  return values;
}

} // namespace soapstone::regression
