// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_sample.hpp"

#include "soapstone/base/random.hpp"

#include <algorithm>
#include <map>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

constexpr std::int64_t batch_size = 32;
// Far from the streams of splits, which count repeats from 0.
constexpr std::uint64_t first_stream = std::uint64_t{1} << 40;

using Groups = std::map<std::vector<std::int32_t>, FeatureGroup>; ///< by the ids of their segments

FeatureGroup& group_like(const FeatureGroup& group, Groups& groups) {
  std::vector<std::int32_t> ids;
  for (const auto& segment : group.segments)
    ids.push_back(segment.id);
  auto& found = groups[ids];
  found.segments = group.segments;
  found.width = group.width;
  return found;
}

/// At most `quota` of `count` rows, ascending.
std::vector<std::int64_t> draw(std::int64_t count, std::int64_t quota, std::uint64_t seed,
                               std::uint64_t stream) {
  auto order = random_permutation(count, seed, stream);
  order.resize(static_cast<std::size_t>(std::min(count, quota)));
  std::sort(order.begin(), order.end());
  return order;
}

class Collector {
public:
  Collector(std::int64_t quota, std::uint64_t seed) : quota_(quota), seed_(seed) {}

  /// Adds the features of a batch whose first structure has the number `first`, or of a part of that
  /// structure from `atom` on.
  void add(const FeatureBlock& batch, std::size_t first, std::size_t atom) {
    for (const auto& group : batch.groups) {
      auto& kept = group_like(group, groups_);
      const double* rows = group.values.data();
      for (std::size_t i = 0; i < group.structures.size(); ++i) {
        const auto number = static_cast<std::size_t>(group.structures[i]) + first;
        add_structure(rows, static_cast<std::int64_t>(atom), group.environments[i], group.size(i), number,
                      kept);
        rows += group.environments[i] * group.width;
      }
    }
  }

  FeatureBlock block(std::size_t structures) && {
    FeatureBlock block{static_cast<std::int64_t>(structures), {}};
    for (auto& [ids, group] : groups_)
      block.groups.push_back(std::move(group));
    return block;
  }

private:
  /// Samples a structure with `total` rows. `rows` contains `count` of them, the first of which is number
  /// `first`.
  void add_structure(const double* rows, std::int64_t first, std::int64_t count, std::int64_t total,
                     std::size_t number, FeatureGroup& kept) {
    const auto structure = static_cast<std::int32_t>(number);
    if (kept.structures.empty() || kept.structures.back() != structure) {
      kept.structures.push_back(structure);
      kept.environments.push_back(0);
    }
    for (const auto r : draw(total, quota_, seed_, first_stream + 1 + number))
      if (r >= first && r < first + count) {
        const double* row = rows + (r - first) * kept.width;
        kept.values.insert(kept.values.end(), row, row + kept.width);
        ++kept.environments.back();
      }
  }

  std::int64_t quota_;
  std::uint64_t seed_;
  Groups groups_;
};

} // namespace

std::vector<std::int64_t> draw_structures(std::int64_t total, std::int64_t count, std::uint64_t seed) {
  return draw(total, count, seed, first_stream);
}

FeatureBlock draw_rows(const FeatureFunction& features, std::span<const structure::Structure> structures,
                       const SampleSize& size, std::uint64_t seed) {
  const auto drawn = draw_structures(static_cast<std::int64_t>(structures.size()), size.structures, seed);
  const auto quota = drawn.empty() ? 1 : size.rows / static_cast<std::int64_t>(drawn.size());
  Collector collector(std::max<std::int64_t>(1, quota), seed);
  std::vector<structure::Structure> batch;
  for (std::size_t first = 0; first < drawn.size(); first += batch_size) {
    batch.clear();
    for (auto i = first; i < std::min(drawn.size(), first + batch_size); ++i)
      batch.push_back(structures[static_cast<std::size_t>(drawn[i])]);
    for (const auto& run :
         cut_rows(features, batch, {.structures = batch_size, .atoms = contracted_limits.atoms}))
      collector.add(features(batch, run), first + static_cast<std::size_t>(run.first), run.atoms.first);
  }
  return std::move(collector).block(drawn.size());
}

} // namespace soapstone::kernel
