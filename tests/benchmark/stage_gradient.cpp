// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/search/hyperparameter_loss.hpp"
#include "stages.hpp"

#include <memory>
#include <set>

namespace soapstone::benchmark {

namespace {

using search::Hyperparameter;
using structure::Structure;

/// d_J = 4 channels with made-up numbers.
std::shared_ptr<const soap::SpeciesCoupling> four_channels(const std::vector<int>& elements) {
  CounterRandom random(5);
  soap::SpeciesCoupling coupling{elements, {}, true};
  for (std::size_t i = 0; i < 4 * elements.size(); ++i)
    coupling.u.push_back(random.normal());
  return std::make_shared<const soap::SpeciesCoupling>(std::move(coupling));
}

/// Energies per atom without any meaning: the work does not depend on them.
std::vector<double> made_up_energies(const std::vector<Structure>& structures) {
  CounterRandom random(6);
  std::vector<double> energies;
  for (const auto& structure : structures)
    energies.push_back(static_cast<double>(structure.size()) * random.normal());
  return energies;
}

/// The two-fold loss alone, and with the gradient in `chosen`.
void compare(const linalg::ProcessGrid& grid, const std::string& label, kernel::KernelSpec spec,
             const std::vector<Structure>& structures, const std::set<Hyperparameter>& chosen, Sheet& sheet) {
  const auto n = static_cast<std::int64_t>(structures.size());
  spec.coupling = four_channels(spec.elements);
  const auto folds = regression::draw_folds(n, 2, 1);
  const std::vector<std::vector<double>> energies{made_up_energies(structures)};
  const regression::ValidationProblem problem{
      structures, energies, folds,
      [](std::span<const Structure> some, std::span<const double> values, std::size_t) {
        return regression::Baseline::fit_mean(some, values);
      },
      [](std::int64_t i) { return format("structure %lld", static_cast<long long>(i)); }};
  search::LossOptions options;
  options.block = linalg::choose_block_size(n, grid.shape());
  search::HyperparameterLoss loss(grid, problem, options);
  const search::Hyperparameters start{{spec}, 1e-3};
  const search::Variables variables(start, chosen);
  const auto x = variables.pack(start);
  // Two points by turns, as an optimisation takes new ones: densities are kept while the coupling alone
  // changes.
  auto other = x;
  for (auto& value : other)
    value += 0.01;
  bool odd = false;
  const auto seconds = [&](bool gradient) {
    return best_seconds(sheet.comm(), 2, [&] { loss(variables, (odd = !odd) ? other : x, gradient); });
  };
  loss(variables, x, false);
  const double alone = seconds(false);
  const double both = seconds(true);
  const auto size = format("N=%zu", structures.size());
  sheet.add({"loss " + label, size, alone, 1 / alone, "losses/s"});
  sheet.add({"loss and gradient " + label, size, both, both / alone, "times the loss alone"});
}

kernel::KernelSpec with_zeta(kernel::KernelSpec spec, int zeta) {
  spec.zeta = zeta;
  return spec;
}

} // namespace

void bench_gradient(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const std::set<Hyperparameter> coupling{Hyperparameter::coupling};
  auto crystal = with_zeta(organic_kernel(8, 6), 1);
  crystal.elements.clear();
  for (int z = 1; z <= crystal_elements; ++z)
    crystal.elements.push_back(z);
  compare(grid, "n8 l6 zeta 1 crystals", crystal, made_up_crystals(settings.pick(12, 300, 2000)), coupling,
          sheet);
  const auto molecules = read_molecules(settings.data, settings.pick(12, 100, 300));
  const auto organic = with_zeta(organic_kernel(5, 4), 2);
  compare(grid, "n5 l4 zeta 2", organic, molecules, coupling, sheet);
  compare(grid, "n5 l4 zeta 2 and r0 m c sigma", organic, molecules,
          {Hyperparameter::coupling, Hyperparameter::scale, Hyperparameter::exponent, Hyperparameter::rate,
           Hyperparameter::width},
          sheet);
  const auto large = with_zeta(organic_kernel(8, 6), 2);
  const auto few = std::vector<Structure>(
      molecules.begin(), molecules.begin() + static_cast<std::ptrdiff_t>(settings.pick(12, 50, 150)));
  compare(grid, "n8 l6 zeta 2", large, few, coupling, sheet);
}

} // namespace soapstone::benchmark
