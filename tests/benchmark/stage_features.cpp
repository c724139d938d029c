// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"
#include "soapstone/base/text.hpp"
#include "stages.hpp"

namespace soapstone::benchmark {

namespace {

constexpr std::size_t batch = 32; // structures: larger blocks pay for fresh memory every time

/// Features of every ranks-th batch, forgotten at once.
void compute_batches(const parallel::Communicator& comm, const kernel::FeatureFunction& features,
                     std::span<const structure::Structure> molecules) {
  const auto stride = batch * static_cast<std::size_t>(comm.size());
  for (auto i = batch * static_cast<std::size_t>(comm.rank()); i < molecules.size(); i += stride)
    features(molecules.subspan(i, std::min(batch, molecules.size() - i)));
}

} // namespace

void bench_features(const Settings& settings, Sheet& sheet) {
  const auto molecules = read_molecules(settings.data, settings.pick(64, 512, 2048));
  std::size_t environments = 0;
  for (const auto& molecule : molecules)
    environments += molecule.size();
  for (const auto& [n_max, l_max] : {std::pair{12, 9}, std::pair{8, 6}}) {
    const auto features = kernel::make_features(organic_kernel(n_max, l_max));
    const double seconds = best_seconds(sheet.comm(), settings.pick(1, 2, 3),
                                        [&] { compute_batches(sheet.comm(), features, molecules); });
    const double each = 1e6 * seconds * sheet.comm().size() / static_cast<double>(environments);
    sheet.add({format("features n%d l%d", n_max, l_max), format("environments=%zu", environments), seconds,
               each, "us per environment and rank"});
  }
}

} // namespace soapstone::benchmark
