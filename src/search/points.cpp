// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/points.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/regression/errors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace soapstone::search {

namespace {

constexpr std::int64_t most_points = std::int64_t{1} << 53; // as doubles they are still exact
constexpr std::uint64_t sample_stream = 0x5ea7c4;           // of the random numbers: shared with nothing else

} // namespace

Grid::Grid(std::vector<Axis> axes) : axes_(std::move(axes)) {
  for (const auto& axis : axes_) {
    expects(!axis.values.empty(), "an axis has values");
    const auto count = static_cast<std::int64_t>(axis.values.size());
    if (size_ > most_points / count)
      throw ConfigError("the grid has more than 2^53 points: use shorter ranges", axis.key);
    size_ *= count;
  }
}

std::vector<std::string> Grid::values(std::int64_t point) const {
  expects(point >= 0 && point < size_, "a point of the grid");
  std::vector<std::string> values(axes_.size());
  for (std::size_t a = axes_.size(); a-- > 0;) {
    const auto count = static_cast<std::int64_t>(axes_[a].values.size());
    values[a] = axes_[a].values[static_cast<std::size_t>(point % count)];
    point /= count;
  }
  return values;
}

std::vector<std::int64_t> draw_points(std::int64_t size, std::optional<std::int64_t> count,
                                      std::uint64_t seed) {
  if (!count || *count >= size) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(size));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return all;
  }
  CounterRandom random(seed, sample_stream);
  std::set<std::int64_t> drawn;
  for (std::int64_t last = size - *count; last < size; ++last) {
    const auto candidate = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(last) + 1));
    if (!drawn.insert(candidate).second)
      drawn.insert(last);
  }
  return {drawn.begin(), drawn.end()};
}

std::vector<Rung> halving_rungs(std::int64_t points, std::int64_t structures, double factor,
                                std::int64_t least) {
  expects(points >= 1 && structures >= 1 && factor > 1, "points, structures and a factor above 1");
  std::vector<Rung> rungs{{points, structures}};
  const auto share = [&](std::int64_t count) { return static_cast<double>(count) / factor; };
  // At least one fewer each time, for factors close to 1.
  const auto survivors = [&](std::int64_t count) {
    return std::min(count - 1, static_cast<std::int64_t>(std::ceil(share(count))));
  };
  while (rungs.back().points > 1)
    rungs.push_back({survivors(rungs.back().points), structures});
  for (std::size_t r = rungs.size() - 1; r-- > 0;)
    rungs[r].structures = static_cast<std::int64_t>(share(rungs[r + 1].structures));
  // Too few structures say nothing: the first rungs are left out and all points start further up.
  const auto enough = std::find_if(rungs.begin(), rungs.end() - 1,
                                   [&](const Rung& rung) { return rung.structures >= least; });
  const auto left_out = enough - rungs.begin();
  rungs.erase(rungs.begin(), enough);
  if (left_out > 0) {
    rungs.front().points = points;
    for (std::size_t r = 1; r < rungs.size(); ++r)
      rungs[r].points = survivors(rungs[r - 1].points);
  }
  return rungs;
}

std::vector<std::int64_t> keep_best(const std::vector<std::pair<std::int64_t, double>>& scores,
                                    std::int64_t keep) {
  auto order = scores;
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const bool known_a = std::isfinite(a.second), known_b = std::isfinite(b.second);
    if (known_a != known_b)
      return known_a;
    if (known_a && a.second != b.second)
      return a.second < b.second;
    return a.first < b.first;
  });
  const auto count = std::min(order.size(), static_cast<std::size_t>(std::max<std::int64_t>(keep, 0)));
  if (count > 0 && std::isfinite(order[count - 1].second)) {
    // Points whose scores equal that of the last one to be kept are chosen by their numbers.
    const double last = order[count - 1].second;
    const auto equal = std::find_if(order.begin(), order.end(), [&](const auto& one) {
      return one.second * (1 + regression::score_tie) >= last;
    });
    const auto end = std::find_if(equal, order.end(), [&](const auto& one) {
      return !(one.second <= last * (1 + regression::score_tie));
    });
    std::sort(equal, end, [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  order.resize(count);
  std::vector<std::int64_t> kept;
  kept.reserve(order.size());
  for (const auto& [point, score] : order)
    kept.push_back(point);
  std::sort(kept.begin(), kept.end());
  return kept;
}

} // namespace soapstone::search
