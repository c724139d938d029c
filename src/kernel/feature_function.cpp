// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_function.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::kernel {

namespace {

features::FeatureBlock taken_out(features::FeatureBlock block, structure::AtomRange atoms,
                                 std::size_t total) {
  auto& group = block.groups.at(0);
  const auto rows = static_cast<std::size_t>(group.environments.at(0));
  if (rows != total) { // the row is a mean over the structure
    expects(rows == 1, "one row per atom or one of all");
    for (auto& value : group.values)
      value *= static_cast<double>(atoms.count) / static_cast<double>(total);
    return block;
  }
  const auto at = [&](std::size_t row) {
    return group.values.begin() + static_cast<std::ptrdiff_t>(row) * group.width;
  };
  group.values = {at(atoms.first), at(atoms.first + atoms.count)};
  group.environments = {narrow<std::int32_t>(atoms.count, "atoms of a structure")};
  group.part_of = narrow<std::int32_t>(total, "atoms of a structure");
  return block;
}

} // namespace

features::FeatureBlock FeatureFunction::operator()(const structure::Structure& structure,
                                                   structure::AtomRange atoms) const {
  return of_atoms_ ? of_atoms_(structure, atoms)
                   : taken_out(of_structures_({&structure, 1}), atoms, structure.size());
}

features::FeatureBlock FeatureFunction::operator()(Structures structures, const FeatureRun& run) const {
  const auto first = static_cast<std::size_t>(run.first);
  return run.is_part() ? (*this)(structures[first], run.atoms)
                       : (*this)(structures.subspan(first, static_cast<std::size_t>(run.count)));
}

std::vector<FeatureRun> cut_rows(const FeatureFunction& features,
                                 std::span<const structure::Structure> structures, RunLimits limits) {
  auto runs = cut_runs(structures, limits);
  const auto part = std::find_if(runs.begin(), runs.end(), [](const auto& run) { return run.is_part(); });
  if (part == runs.end() || features(structures, *part).groups.at(0).part_of > 0)
    return runs;
  limits.part = std::numeric_limits<std::int64_t>::max();
  return cut_runs(structures, limits);
}

} // namespace soapstone::kernel
