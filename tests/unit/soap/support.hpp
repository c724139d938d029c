// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Small molecules, rigid motions and sums by brute force, for the tests of this room and of `features`.

#include "soapstone/features/calculator.hpp"
#include "soapstone/structure/structure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace soapstone::soap::testing {

using structure::Structure;
using structure::Vec3;
using Matrix3 = std::array<Vec3, 3>;

/// These radial functions, everything else as it is by default.
inline SoapParameters parameters_with(int n_max, int l_max, double cutoff, double gaussian_width) {
  return {.cutoff = cutoff, .gaussian_width = gaussian_width, .n_max = n_max, .l_max = l_max};
}

inline Structure water() {
  return {{8, 1, 1}, {{0, 0, 0.1173}, {0, 0.7572, -0.4692}, {0, -0.7572, -0.4692}}, {}};
}

inline Structure ammonia() {
  return {{7, 1, 1, 1},
          {{0, 0, 0.1165}, {0, 0.9397, -0.2718}, {0.8138, -0.4699, -0.2718}, {-0.8138, -0.4699, -0.2718}},
          {}};
}

inline Structure formaldehyde() {
  return {{6, 8, 1, 1}, {{0, 0, -0.5296}, {0, 0, 0.6780}, {0, 0.9347, -1.1087}, {0, -0.9347, -1.1087}}, {}};
}

inline Structure isocyanic_acid() {
  return {{7, 6, 8, 1}, {{-1.1, 0.05, 0.02}, {0.1, 0.0, 0.0}, {1.24, 0.1, -0.05}, {-1.7, 0.85, 0.1}}, {}};
}

/// Atoms at random in a box, no two closer than `distance`.
inline Structure random_molecule(int atoms, std::vector<std::uint8_t> elements, unsigned seed,
                                 double box = 4.0, double distance = 0.8) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> place(0.0, box);
  Structure molecule;
  while (static_cast<int>(molecule.size()) < atoms) {
    const Vec3 trial{place(engine), place(engine), place(engine)};
    const bool free =
        std::all_of(molecule.positions.begin(), molecule.positions.end(), [&](const Vec3& other) {
          return std::hypot(trial[0] - other[0], trial[1] - other[1], trial[2] - other[2]) > distance;
        });
    if (!free)
      continue;
    molecule.positions.push_back(trial);
    molecule.species.push_back(elements[molecule.size() % elements.size()]);
  }
  return molecule;
}

/// Rotation by the angles alpha, beta, gamma about z, y, z.
inline Matrix3 rotation(double alpha, double beta, double gamma) {
  const double ca = std::cos(alpha), sa = std::sin(alpha), cb = std::cos(beta), sb = std::sin(beta),
               cg = std::cos(gamma), sg = std::sin(gamma);
  return {{{ca * cb * cg - sa * sg, -ca * cb * sg - sa * cg, ca * sb},
           {sa * cb * cg + ca * sg, -sa * cb * sg + ca * cg, sa * sb},
           {-sb * cg, sb * sg, cb}}};
}

inline Vec3 turned(const Matrix3& matrix, const Vec3& v) {
  Vec3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2];
  return result;
}

inline Structure transformed(Structure structure, const Matrix3& matrix, const Vec3& shift = {}) {
  for (Vec3& position : structure.positions) {
    position = turned(matrix, position);
    for (std::size_t k = 0; k < 3; ++k)
      position[k] += shift[k];
  }
  for (Vec3& vector : structure.cell.vectors)
    vector = turned(matrix, vector);
  return structure;
}

inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    largest = difference <= largest ? largest : difference; // NaN wins
  }
  return largest;
}

inline double dot(const double* a, const double* b, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += a[i] * b[i];
  return sum;
}

/// 1 / (N_A N_B) sum_jk (p_j . p_k)^zeta from dense rows of `width`.
inline double average_kernel(const std::vector<double>& a, const std::vector<double>& b, std::size_t width,
                             int zeta) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); j += width)
    for (std::size_t k = 0; k < b.size(); k += width)
      sum += std::pow(dot(&a[j], &b[k], width), zeta);
  return sum / static_cast<double>(a.size() / width) / static_cast<double>(b.size() / width);
}

} // namespace soapstone::soap::testing
