// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_runs.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::kernel {

namespace {

using Sizes = std::span<const std::int64_t>;

std::vector<FeatureRun> equal_runs(std::int64_t total, std::int64_t count) {
  std::vector<FeatureRun> runs;
  for (std::int64_t first = 0; first < total; first += count)
    runs.push_back({first, std::min(count, total - first)});
  return runs;
}

bool is_within(const FeatureRun& run, Sizes atoms, const RunLimits& limits) {
  const auto sizes = atoms.subspan(static_cast<std::size_t>(run.first), static_cast<std::size_t>(run.count));
  return *std::max_element(sizes.begin(), sizes.end()) <= limits.part &&
         std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) <= limits.atoms;
}

void append_parts(std::int64_t structure, std::int64_t atoms, std::int64_t most,
                  std::vector<FeatureRun>& runs) {
  const auto parts = (atoms + most - 1) / most;
  for (std::int64_t part = 0; part < parts; ++part) {
    const auto first = atoms * part / parts, last = atoms * (part + 1) / parts;
    runs.push_back({structure, 1, {static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)}});
  }
}

/// Returns runs of as many whole structures as fit, and of the parts of large ones.
std::vector<FeatureRun> runs_by_atoms(Sizes atoms, const RunLimits& limits) {
  std::vector<FeatureRun> runs;
  std::int64_t room = 0; // atoms that still fit into the last run
  for (std::size_t s = 0; s < atoms.size(); ++s) {
    const auto structure = static_cast<std::int64_t>(s);
    if (atoms[s] > limits.part) {
      append_parts(structure, atoms[s], limits.part, runs);
      room = 0;
    } else if (runs.empty() || atoms[s] > room || runs.back().count == limits.structures) {
      runs.push_back({structure, 1});
      room = std::min(limits.part, limits.atoms) - atoms[s];
    } else {
      ++runs.back().count;
      room -= atoms[s];
    }
  }
  return runs;
}

} // namespace

std::vector<FeatureRun> cut_runs(Sizes atoms, const RunLimits& limits) {
  expects(limits.structures >= 1 && limits.part >= 1, "a positive length of runs");
  auto runs = equal_runs(static_cast<std::int64_t>(atoms.size()), limits.structures);
  const auto within = [&](const FeatureRun& run) { return is_within(run, atoms, limits); };
  return std::all_of(runs.begin(), runs.end(), within) ? runs : runs_by_atoms(atoms, limits);
}

std::vector<FeatureRun> cut_runs(std::span<const structure::Structure> structures, const RunLimits& limits) {
  std::vector<std::int64_t> atoms;
  atoms.reserve(structures.size());
  for (const auto& structure : structures)
    atoms.push_back(static_cast<std::int64_t>(structure.size()));
  return cut_runs(atoms, limits);
}

} // namespace soapstone::kernel
