// SPDX-License-Identifier: BSD-3-Clause
// The innermost loops one by one, with Google Benchmark.
#include "samples.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/linalg/blas_runtime.hpp"
#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <benchmark/benchmark.h>
#include <cmath>

namespace soapstone::benchmark {
namespace {

using ::benchmark::State;

constexpr double cutoff = 5.0, gaussian_width = 0.3; // Å
constexpr int channels = 4, neighbours = 17;         // of an environment in a molecule of H, C, N, O

int argument(const State& state, std::size_t i) {
  return static_cast<int>(state.range(i));
}

/// Items per second, and what an item is.
void set_items(State& state, const char* what, double per_iteration) {
  state.SetItemsProcessed(static_cast<std::int64_t>(per_iteration * static_cast<double>(state.iterations())));
  state.SetLabel(what);
}

/// Neighbours in random directions within the cutoff, spread over the channels.
soap::WeightedNeighbours some_neighbours() {
  CounterRandom random(3);
  std::vector<structure::Neighbour> list;
  std::vector<int> channel_of_atom;
  for (int i = 0; i < neighbours; ++i) {
    structure::Vec3 r{random.normal(), random.normal(), random.normal()};
    const double norm = std::hypot(r[0], r[1], r[2]), distance = 1 + (cutoff - 1) * random.uniform();
    for (auto& component : r)
      component *= distance / norm;
    list.push_back({i, r, distance});
    channel_of_atom.push_back(i % channels);
  }
  soap::WeightedNeighbours weighted;
  soap::weigh_neighbours(list, channel_of_atom, channels, soap::SoapParameters(), weighted);
  return weighted;
}

soap::SoapParameters parameters_of(const State& state) {
  return {.cutoff = cutoff,
          .gaussian_width = gaussian_width,
          .n_max = argument(state, 0),
          .l_max = argument(state, 1)};
}

void spline(State& state) {
  const soap::RadialSpline table(parameters_of(state));
  std::vector<double> values(static_cast<std::size_t>(table.stride()));
  double r = 0;
  for (auto _ : state) {
    r = r > cutoff - 0.1 ? 0.5 : r + 0.0837; // other knots every time
    table.evaluate(r, values.data());
    ::benchmark::DoNotOptimize(values.data());
    ::benchmark::ClobberMemory();
  }
  set_items(state, "distances", 1);
}

void harmonics(State& state) {
  const int l_max = argument(state, 0);
  const soap::SphericalHarmonics functions(l_max);
  const auto around = some_neighbours();
  const auto stride = static_cast<int>(around.x.size());
  std::vector<double> values(static_cast<std::size_t>((l_max + 1) * (l_max + 1) * stride));
  for (auto _ : state) {
    functions.evaluate(around.count, around.x.data(), around.y.data(), around.z.data(), around.weights.data(),
                       stride, values.data());
    ::benchmark::ClobberMemory();
  }
  set_items(state, "directions", neighbours);
}

void density_expansion(State& state) {
  const soap::DensityExpansion expansion(soap::RadialSpline(parameters_of(state)));
  const auto around = some_neighbours();
  std::vector<double> density(expansion.shape(channels).size());
  soap::DensityWorkspace workspace;
  for (auto _ : state) {
    expansion.expand(around, 0, 1.0, workspace, density.data());
    ::benchmark::ClobberMemory();
  }
  set_items(state, "environments", 1);
}

void power_spectrum(State& state) {
  const soap::DensityShape shape{channels, argument(state, 0), argument(state, 1)};
  CounterRandom random(5);
  std::vector<double> density(shape.size());
  for (auto& value : density)
    value = random.normal();
  std::vector<double> features(static_cast<std::size_t>(soap::power_spectrum_width(shape)));
  for (auto _ : state) {
    ::benchmark::DoNotOptimize(soap::power_spectrum({shape, density.data()}, features.data()));
    ::benchmark::ClobberMemory();
  }
  set_items(state, "environments", 1);
}

/// One tile of 128 x 128 molecules; the narrower the features, the more the squares and sums weigh.
void tile(State& state) {
  const auto features = made_up_features(state.range(0));
  const auto molecules = made_up_molecules(256);
  const std::span<const structure::Structure> all(molecules);
  const auto rows = features(all.first(128)), cols = features(all.last(128));
  std::vector<double> out(128 * 128, 0.0);
  kernel::TileWorkspace workspace;
  for (auto _ : state) {
    kernel::average_kernel_tile(rows, cols, 2, 1.0, {out.data(), 128, 128}, workspace);
    ::benchmark::ClobberMemory();
  }
  set_items(state, "environment pairs", std::pow(128.0 * atoms_per_molecule, 2));
}

BENCHMARK(spline)->ArgNames({"n", "l"})->Args({12, 9})->Args({8, 6});
BENCHMARK(harmonics)->ArgName("l")->Arg(9)->Arg(6);
BENCHMARK(density_expansion)->ArgNames({"n", "l"})->Args({12, 9})->Args({8, 6});
BENCHMARK(power_spectrum)->ArgNames({"n", "l"})->Args({12, 9})->Args({8, 6});
BENCHMARK(tile)->ArgName("width")->Arg(8)->Arg(128)->Arg(512)->Unit(::benchmark::kMillisecond);

} // namespace
} // namespace soapstone::benchmark

int main(int argc, char** argv) {
  soapstone::linalg::set_blas_threads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
