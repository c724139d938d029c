// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/cell.hpp"

#include <algorithm>

namespace soapstone::structure {

namespace {

constexpr double shortest_vector = 1e-3, longest_vector = 1e9; // Å: beyond any unit that was meant
constexpr double flattest = 1e-6;                              // volume over the product of the lengths

Vec3 scaled(const Vec3& a, double factor) {
  return {a[0] * factor, a[1] * factor, a[2] * factor};
}
Vec3 unit(const Vec3& a) {
  return scaled(a, 1 / norm(a));
}

// A unit vector at right angles to u: the cross product with the axis that u has least of.
Vec3 any_orthogonal(const Vec3& u) {
  Vec3 axis{};
  std::size_t least = 0;
  for (std::size_t k = 1; k < 3; ++k)
    if (std::abs(u[k]) < std::abs(u[least]))
      least = k;
  axis[least] = 1;
  return unit(cross(u, axis));
}

std::vector<std::size_t> periodic_directions(const Cell& cell) {
  std::vector<std::size_t> directions;
  for (std::size_t k = 0; k < 3; ++k)
    if (cell.periodic[k])
      directions.push_back(k);
  return directions;
}

// Volume that unit vectors along the periodic directions span: 1 where they are orthogonal, 0 where they do
// not span a lattice.
double flatness(const Cell& cell, const std::vector<std::size_t>& directions) {
  std::array<Vec3, 3> units{};
  for (std::size_t i = 0; i < directions.size(); ++i)
    units[i] = unit(cell.vectors[directions[i]]);
  if (directions.size() == 2)
    return norm(cross(units[0], units[1]));
  if (directions.size() == 3)
    return std::abs(dot(units[0], cross(units[1], units[2])));
  return 1;
}

} // namespace

std::string cell_defect(const Cell& cell) {
  constexpr const char* names[] = {"first", "second", "third"};
  for (const Vec3& vector : cell.vectors)
    if (!std::all_of(vector.begin(), vector.end(), [](double x) { return std::isfinite(x); }))
      return "a cell vector is not finite";
  const auto directions = periodic_directions(cell);
  for (const std::size_t k : directions) {
    const double length = norm(cell.vectors[k]);
    if (!(length >= shortest_vector && length <= longest_vector))
      return std::string("periodic along the ") + names[k] + " cell vector, which is " +
             (length == 0  ? "zero"
              : length < 1 ? "shorter than 0.001 Å"
                           : "longer than 1e9 Å");
  }
  if (flatness(cell, directions) < flattest)
    return "the periodic cell vectors are parallel or lie in a plane: the cell has no volume";
  return {};
}

std::array<Vec3, 3> completed_vectors(const Cell& cell) {
  const auto directions = periodic_directions(cell);
  if (directions.empty())
    return {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  auto vectors = cell.vectors;
  const std::size_t first = directions.front();
  if (directions.size() == 1) {
    vectors[(first + 1) % 3] = any_orthogonal(unit(vectors[first]));
    vectors[(first + 2) % 3] = unit(cross(vectors[first], vectors[(first + 1) % 3]));
  } else if (directions.size() == 2) {
    vectors[3 - first - directions.back()] = unit(cross(vectors[first], vectors[directions.back()]));
  }
  return vectors;
}

std::array<Vec3, 3> reciprocal_vectors(const std::array<Vec3, 3>& vectors) {
  const double volume = dot(vectors[0], cross(vectors[1], vectors[2]));
  std::array<Vec3, 3> reciprocal{};
  for (std::size_t k = 0; k < 3; ++k)
    reciprocal[k] = scaled(cross(vectors[(k + 1) % 3], vectors[(k + 2) % 3]), 1 / volume);
  return reciprocal;
}

} // namespace soapstone::structure
