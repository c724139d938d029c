// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::search {

/// A key that takes several values.
struct Axis {
  std::string key;
  std::vector<std::string> values;
  bool operator==(const Axis&) const = default;
};

/// The points of a full grid. Point p has the value of the last axis that changes fastest, so that
/// neighbours in p share what depends on the first axes: those that are expensive to change come first.
class Grid {
public:
  /// No axes: one point. Throws ConfigError for more than 2^53 points.
  explicit Grid(std::vector<Axis> axes = {});

  const std::vector<Axis>& axes() const { return axes_; }
  std::int64_t size() const { return size_; }
  /// One value per axis.
  std::vector<std::string> values(std::int64_t point) const;

private:
  std::vector<Axis> axes_;
  std::int64_t size_ = 1;
};

/// All of 0..size-1, or with a `count` below it that many, drawn without replacement (Floyd's algorithm);
/// ascending.
std::vector<std::int64_t> draw_points(std::int64_t size, std::optional<std::int64_t> count,
                                      std::uint64_t seed);

/// One stage of successive halving (Jamieson, Talwalkar, AISTATS 2016): so many points, each on so many
/// structures. A search without halving is one rung.
struct Rung {
  std::int64_t points = 0, structures = 0;
  bool operator==(const Rung&) const = default;
};

/// Rungs for `points` points of which the best 1/factor go on each time, onto `factor` times the structures:
/// as many as the points allow with at least `least` structures on the first rung. The last has all
/// `structures`. factor > 1.
std::vector<Rung> halving_rungs(std::int64_t points, std::int64_t structures, double factor,
                                std::int64_t least);

/// The `keep` points with the lowest scores, ascending by point; of equals the first. Scores that are not
/// finite come last, and never when `keep` can be met without them.
std::vector<std::int64_t> keep_best(const std::vector<std::pair<std::int64_t, double>>& scores,
                                    std::int64_t keep);

} // namespace soapstone::search
