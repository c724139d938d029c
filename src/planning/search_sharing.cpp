// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/search_sharing.hpp"

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

namespace soapstone::planning {

namespace {

/// The first thing that is computed anew when a key changes, from the cheapest to all there is; everything if
/// that is not known.
enum class Change { sums, products, features, densities, integrals, neighbours, everything };

/// Parameters without influence on densities, beside those of soap::for_each_field.
constexpr std::array parameters_of_features{"contraction", "contraction_method", "contraction_sample",
                                            "precision",   "coupling",           "sigma_radius",
                                            "channels",    "normalize_coupling", "sigma_electronegativity"};

Change change_by(soap::Stage stage) {
  switch (stage) {
  case soap::Stage::neighbours:
    return Change::neighbours;
  case soap::Stage::integrals:
    return Change::integrals;
  case soap::Stage::densities:
    return Change::densities;
  case soap::Stage::features:
    return Change::features;
  }
  return Change::everything;
}

/// The key without its kernel: "soap.cutoff" of "kernel.2.soap.cutoff", "zeta" of "kernel.zeta".
std::string_view without_kernel(std::string_view key) {
  constexpr std::string_view start = "kernel.";
  if (!key.starts_with(start))
    return key;
  const auto dot = key.find('.', start.size());
  return key.substr(dot == std::string_view::npos ? start.size() : dot + 1);
}

Change change_by(const std::string& key) {
  const auto name = without_kernel(key);
  if (name == "weight")
    return Change::sums;
  if (name == "zeta")
    return Change::products;
  std::optional<Change> found;
  const soap::SoapParameters any;
  soap::for_each_field(
      [&](const soap::Field& field, const auto&) {
        if (options::key_of(field.name) == name)
          found = change_by(field.stage);
      },
      any);
  if (found)
    return *found;
  const bool known = std::any_of(parameters_of_features.begin(), parameters_of_features.end(),
                                 [&](const auto* parameter) { return options::key_of(parameter) == name; });
  return known ? Change::features : Change::everything;
}

using Structures = std::span<const structure::Structure>;

/// Returns the structures that are not cut into parts. Points share the neighbours and densities of these
/// alone.
std::vector<structure::Structure> shared_structures(Structures structures) {
  std::vector<structure::Structure> small;
  std::copy_if(structures.begin(), structures.end(), std::back_inserter(small), [](const auto& structure) {
    return static_cast<std::int64_t>(structure.size()) <= kernel::RunLimits{}.part;
  });
  return small;
}

} // namespace

void sort_by_cost(std::vector<search::Axis>& axes) {
  std::stable_sort(axes.begin(), axes.end(),
                   [](const auto& a, const auto& b) { return change_by(a.key) > change_by(b.key); });
}

std::string what_weights_share(const search::Grid& grid, const search::Task& task) {
  const auto values = grid.values(task.point);
  std::string shared = std::to_string(task.rung);
  bool weights = false;
  for (std::size_t a = 0; a < values.size(); ++a)
    if (const auto& key = grid.axes()[a].key; change_by(key) == Change::sums)
      weights = true;
    else
      shared += "\n" + key + " " + values[a];
  return weights ? shared : "";
}

features::EnvironmentStore::Wanted what_points_share(const search::Grid& grid) {
  features::EnvironmentStore::Wanted wanted;
  for (const auto& axis : grid.axes()) {
    const auto change = change_by(axis.key);
    if (change == Change::everything)
      return {};
    wanted.densities |= change == Change::features || change == Change::products;
    wanted.neighbours |= change == Change::densities || change == Change::integrals;
  }
  return wanted;
}

std::int64_t shared_bytes(const std::vector<options::KernelOptions>& kernels, const search::Grid& grid,
                          Structures structures) {
  const auto wanted = what_points_share(grid);
  double lists = 1, expansions = 1; // different ones among the points
  for (const auto& axis : grid.axes()) {
    const auto values = static_cast<double>(axis.values.size());
    lists *= change_by(axis.key) == Change::neighbours ? values : 1;
    expansions *= change_by(axis.key) >= Change::densities ? values : 1;
  }
  double bytes = 0;
  const auto small = shared_structures(structures);
  for (const auto& kernel : kernels) {
    if (wanted.densities)
      bytes += expansions * features::density_bytes(kernel.soap, small);
    if (wanted.neighbours)
      bytes += lists * features::neighbour_bytes(kernel.soap, small);
  }
  return static_cast<std::int64_t>(std::min(bytes, 9e18));
}

} // namespace soapstone::planning
