// SPDX-License-Identifier: BSD-3-Clause
// How to add a search strategy: it is a loop that chooses points of a Grid and has a WorkQueue evaluate them,
// which deals them to groups of ranks. Where a strategy is chosen by a key: src/README.md.
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/search/points.hpp"
#include "soapstone/search/work_queue.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <map>

namespace soapstone::search {
namespace {

using Score = std::function<double(const std::vector<std::string>& values)>;

/// The new strategy: along one axis after the other all values are tried, the others kept at the best so far,
/// until a whole round brings nothing better.
class CoordinateDescent {
public:
  CoordinateDescent(const parallel::Communicator& world, const Grid& grid, Score score)
      : world_(world), grid_(grid), score_(std::move(score)),
        queue_(world, layout_groups(world.size(), world.size())) {}

  /// Collective; the same on all ranks.
  std::int64_t run(std::int64_t start) {
    best_ = start;
    for (bool better = true; better;) {
      better = false;
      for (std::size_t axis = 0; axis < grid_.axes().size(); ++axis)
        better = descend(axis) || better;
    }
    return best_;
  }

  std::size_t evaluated() const { return known_.size(); }

private:
  /// Tasks are points that nobody has evaluated yet; records reach rank 0, which tells all.
  bool descend(std::size_t axis) {
    const auto before = best_;
    std::vector<Task> tasks;
    for (const auto point : line(axis))
      if (!known_.contains(point))
        tasks.push_back({0, point});
    std::string bytes;
    queue_.run(tasks, {[&](const Task& task) {
                         return Record{task, 0, "", {score_(grid_.values(task.point))}, {""}, 0};
                       },
                       [](const Record&) {},
                       [&](const std::vector<Record>& records) {
                         for (const auto& record : records)
                           bytes += pack(record);
                       }});
    parallel::broadcast(world_, bytes);
    for (std::string_view rest = bytes; !rest.empty();) {
      const auto record = unpack(rest);
      known_[record.task.point] = record.values.front();
    }
    for (const auto point : line(axis))
      if (known_.at(point) < known_.at(best_))
        best_ = point;
    return best_ != before;
  }

  /// The points that differ from the best one in the value of this axis alone, and that one.
  std::vector<std::int64_t> line(std::size_t axis) const {
    std::int64_t stride = 1;
    for (std::size_t later = axis + 1; later < grid_.axes().size(); ++later)
      stride *= static_cast<std::int64_t>(grid_.axes()[later].values.size());
    const auto length = static_cast<std::int64_t>(grid_.axes()[axis].values.size());
    const auto first = best_ - best_ / stride % length * stride;
    std::vector<std::int64_t> points;
    for (std::int64_t i = 0; i < length; ++i)
      points.push_back(first + i * stride);
    return points;
  }

  const parallel::Communicator& world_;
  const Grid& grid_;
  Score score_;
  WorkQueue queue_;
  std::map<std::int64_t, double> known_;
  std::int64_t best_ = 0;
};

Grid some_grid() {
  return Grid({{"soap.cutoff", {"3", "4", "5", "6"}},
               {"radial-scaling.scale", {"1", "1.5", "2", "2.5", "3"}},
               {"radial-scaling.exponent", {"2", "4", "6", "7", "8", "10"}}});
}

/// A valley that is not parallel to the axes, with its least value at 5, 2, 7.
double valley(const std::vector<std::string>& values) {
  const double a = std::stod(values[0]) - 5, b = std::stod(values[1]) - 2, c = std::stod(values[2]) - 7;
  return a * a + b * b + 0.2 * c * c + 0.2 * a * b + 0.1 * b * c;
}

TEST(ExampleStrategy, finds_the_least_point_with_few_evaluations) {
  const auto world = parallel::Communicator::world();
  const auto grid = some_grid();
  double least = 1e300;
  std::int64_t where = 0;
  for (std::int64_t point = 0; point < grid.size(); ++point)
    if (valley(grid.values(point)) < least) {
      least = valley(grid.values(point));
      where = point;
    }
  for (const std::int64_t start : {std::int64_t{0}, grid.size() / 2, grid.size() - 1}) {
    CoordinateDescent descent(world, grid, valley);
    const auto found = descent.run(start);
    EXPECT_EQ(found, where);
    EXPECT_EQ(grid.values(found), (std::vector<std::string>{"5", "2", "7"}));
    EXPECT_LT(descent.evaluated(), static_cast<std::size_t>(grid.size()) / 3);
    EXPECT_EQ(parallel::all_reduce(world, found, MPI_MIN), parallel::all_reduce(world, found, MPI_MAX));
  }
}

} // namespace
} // namespace soapstone::search
