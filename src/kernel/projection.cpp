// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/projection.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/feature_runs.hpp"
#include "soapstone/linalg/blas.hpp"
#include "subspace.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

// First guess at the width when only the residual variance is given; doubled until it is enough.
constexpr std::int64_t first_width = 256;

/// Returns how many leading variances leave at most the allowed share of `total` out; one more than there are
/// if even all of them leave more.
std::int64_t width_for(const std::vector<double>& variances, double total, double allowed) {
  double left = total;
  std::int64_t width = 0;
  for (const double variance : variances) {
    left -= variance;
    ++width;
    if (left <= allowed * total)
      return width;
  }
  return width + 1;
}

/// Directions, at least as many as the goal takes if the sample has them; `width`: how many it takes.
PrincipalDirections directions_for(const SampleMatrix& sample, const ContractionGoal& goal, double total,
                                   std::uint64_t seed, std::int64_t& width) {
  const auto most = std::min(sample.rows(), sample.columns());
  for (auto guess = goal.width > 0 ? goal.width : std::min(first_width, most);;
       guess = std::min(2 * guess, most)) {
    auto directions = principal_directions(sample, guess, seed);
    const auto found = directions.vectors.count;
    const auto wanted =
        goal.width > 0 ? goal.width : width_for(directions.variances, total, goal.residual_variance);
    width = std::min(wanted, found);
    if (goal.width > 0 || wanted <= std::min(guess, found) || guess == most)
      return directions;
  }
}

/// A block's rows times the matrix, group after group, row-major.
std::vector<double> reduce_group(const FeatureGroup& group, const Projection& projection,
                                 std::span<const std::int64_t> starts) {
  std::vector<double> rows(static_cast<std::size_t>(group.rows() * projection.width), 0.0);
  for (const auto& run : column_runs(group, starts))
    linalg::gemm(linalg::Op::transpose, linalg::Op::none, 1.0,
                 {projection.matrix.data() + run.column, run.width, projection.width, projection.width_in},
                 {group.values.data() + run.offset, run.width, group.rows(), group.width}, 1.0,
                 {rows.data(), projection.width, group.rows()});
  return rows;
}

/// One group with room for all structures of a block, in order.
FeatureGroup merged_group(const FeatureBlock& block, std::int64_t width) {
  FeatureGroup group;
  group.width = width;
  group.segments = {{0, narrow<std::int32_t>(width), 0}};
  group.structures.resize(static_cast<std::size_t>(block.structures));
  std::iota(group.structures.begin(), group.structures.end(), 0);
  group.environments.assign(group.structures.size(), 0);
  for (const auto& part : block.groups) {
    for (std::size_t i = 0; i < part.structures.size(); ++i)
      group.environments[static_cast<std::size_t>(part.structures[i])] = part.environments[i];
    group.part_of = part.part_of; // a part of a structure is the only group of its block
  }
  group.values.resize(static_cast<std::size_t>(group.rows() * width));
  return group;
}

/// Adds the structures of a one-group block behind those that are there.
void append(FeatureBlock&& block, FeatureBlock& all) {
  if (all.groups.empty()) {
    all = std::move(block);
    return;
  }
  auto& to = all.groups.front();
  const auto& from = block.groups.front();
  for (const auto s : from.structures)
    to.structures.push_back(narrow<std::int32_t>(all.structures + s, "structures of a block"));
  to.environments.insert(to.environments.end(), from.environments.begin(), from.environments.end());
  to.values.insert(to.values.end(), from.values.begin(), from.values.end());
  all.structures += block.structures;
}

/// Where the rows of every structure of a block with one group begin.
std::vector<std::size_t> places_of(const FeatureBlock& block) {
  const auto& group = block.groups.front();
  std::vector<std::size_t> places(static_cast<std::size_t>(block.structures));
  std::size_t place = 0;
  for (std::size_t i = 0; i < group.structures.size(); ++i) {
    places[static_cast<std::size_t>(group.structures[i])] = place;
    place += static_cast<std::size_t>(group.environments[i] * group.width);
  }
  return places;
}

} // namespace

features::FeatureLayout dense_layout(std::int64_t width) {
  return {{narrow<std::int32_t>(width, "features")}};
}

Projection fit_projection(const FeatureBlock& block, const features::FeatureLayout& layout,
                          const ContractionGoal& goal, std::uint64_t seed) {
  const SampleMatrix sample(block, layout);
  expects(goal.width > 0 ? goal.width <= sample.columns()
                         : goal.residual_variance > 0 && goal.residual_variance < 1,
          "a width within that of the features, or a residual variance in (0, 1)");
  const double total =
      sample.sum_of_squares() / static_cast<double>(std::max<std::int64_t>(1, sample.rows()));
  if (!std::isfinite(total) || total <= 0)
    throw NumericalError("a contraction cannot be fitted to features that are all zero or not finite");
  Projection projection;
  auto directions = directions_for(sample, goal, total, seed, projection.width);
  projection.layout = layout;
  projection.width_in = sample.columns();
  directions.vectors.values.resize(static_cast<std::size_t>(projection.width_in * projection.width));
  projection.matrix = std::move(directions.vectors.values);
  directions.variances.resize(static_cast<std::size_t>(projection.width));
  projection.variances = std::move(directions.variances);
  const double kept = std::accumulate(projection.variances.begin(), projection.variances.end(), 0.0);
  projection.residual_variance = std::max(0.0, 1 - kept / total);
  return projection;
}

FeatureBlock project(const FeatureBlock& block, const Projection& projection) {
  if (block.structures == 0)
    return {};
  const auto starts = segment_starts(projection.layout);
  FeatureBlock projected{block.structures, {merged_group(block, projection.width)}};
  auto& group = projected.groups.front();
  const auto width = static_cast<std::size_t>(projection.width);
  std::vector<std::size_t> places(group.environments.size() + 1, 0);
  for (std::size_t s = 0; s < group.environments.size(); ++s)
    places[s + 1] = places[s] + static_cast<std::size_t>(group.environments[s]) * width;
  for (const auto& part : block.groups) {
    const auto rows = reduce_group(part, projection, starts);
    auto from = rows.begin();
    for (const auto s : part.structures) {
      const auto first = places[static_cast<std::size_t>(s)], last = places[static_cast<std::size_t>(s) + 1];
      const auto end = from + static_cast<std::ptrdiff_t>(last - first);
      std::copy(from, end, group.values.begin() + static_cast<std::ptrdiff_t>(first));
      from = end;
    }
  }
  return projected;
}

FeatureBlock
project_in_batches(const std::function<FeatureBlock(std::size_t first, std::size_t some)>& compute,
                   std::span<const structure::Structure> structures, const Projection& projection) {
  FeatureBlock all;
  for (const auto& run : cut_runs(structures, contracted_limits))
    append(project(compute(static_cast<std::size_t>(run.first), static_cast<std::size_t>(run.count)),
                   projection),
           all);
  return all;
}

void add_transposed(const FeatureBlock& projected, std::int64_t first, const Projection& projection,
                    FeatureBlock& full) {
  expects(projected.groups.size() == 1 && projected.groups.front().width == projection.width,
          "rows that this contraction has reduced");
  const auto& from = projected.groups.front();
  const auto starts = segment_starts(projection.layout);
  const auto places = places_of(projected);
  for (auto& group : full.groups) {
    std::vector<double> rows; // of the group's structures, in its order
    for (std::size_t i = 0; i < group.structures.size(); ++i) {
      const auto place = places.at(static_cast<std::size_t>(first + group.structures[i]));
      const auto begin = from.values.begin() + static_cast<std::ptrdiff_t>(place);
      rows.insert(rows.end(), begin, begin + group.environments[i] * from.width);
    }
    for (const auto& run : column_runs(group, starts))
      linalg::gemm(linalg::Op::none, linalg::Op::none, 1.0,
                   {projection.matrix.data() + run.column, run.width, projection.width, projection.width_in},
                   {rows.data(), projection.width, group.rows()}, 1.0,
                   {group.values.data() + run.offset, run.width, group.rows(), group.width});
  }
}

} // namespace soapstone::kernel
