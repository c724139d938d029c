// SPDX-License-Identifier: BSD-3-Clause
// Neighbours by definition: every image in a block of cells that is large enough.
#pragma once

#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <random>
#include <tuple>

namespace soapstone::structure {

using Found =
    std::tuple<std::int32_t, std::array<int, 3>, Vec3, double>; ///< atom, image, displacement, distance

// |n_k| <= (cutoff + |r_j - r_i|) |b_k| + 1 with reciprocal vectors b_k bounds the images.
inline std::vector<std::vector<Found>> brute_force(const Structure& s, double cutoff) {
  const auto reciprocal = reciprocal_vectors(completed_vectors(s.cell));
  std::vector<std::vector<Found>> all(s.size());
  for (std::size_t i = 0; i < s.size(); ++i)
    for (std::size_t j = 0; j < s.size(); ++j) {
      const Vec3 d{s.positions[j][0] - s.positions[i][0], s.positions[j][1] - s.positions[i][1],
                   s.positions[j][2] - s.positions[i][2]};
      std::array<int, 3> most{};
      for (std::size_t k = 0; k < 3; ++k)
        if (s.cell.periodic[k])
          most[k] = static_cast<int>((cutoff + norm(d)) * norm(reciprocal[k])) + 1;
      for (int a = -most[0]; a <= most[0]; ++a)
        for (int b = -most[1]; b <= most[1]; ++b)
          for (int c = -most[2]; c <= most[2]; ++c) {
            Vec3 r = d;
            for (std::size_t x = 0; x < 3; ++x)
              r[x] += a * s.cell.vectors[0][x] + b * s.cell.vectors[1][x] + c * s.cell.vectors[2][x];
            if ((i != j || a != 0 || b != 0 || c != 0) && norm(r) < cutoff)
              all[i].push_back({static_cast<std::int32_t>(j), {a, b, c}, r, norm(r)});
          }
    }
  return all;
}

inline Structure random_structure(std::mt19937_64& random, std::size_t atoms, double edge, double spread,
                                  int periodic_mask) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  Structure s;
  do {
    for (std::size_t k = 0; k < 3; ++k) {
      s.cell.periodic[k] = (periodic_mask >> k) & 1;
      for (std::size_t x = 0; x < 3; ++x)
        s.cell.vectors[k][x] = edge * ((k == x ? 1.0 : 0.0) + 0.6 * uniform(random));
    }
  } while (std::abs(dot(s.cell.vectors[0], cross(s.cell.vectors[1], s.cell.vectors[2]))) <
           0.15 * edge * edge * edge);
  for (std::size_t i = 0; i < atoms; ++i) {
    s.species.push_back(static_cast<std::uint8_t>(1 + i % 9));
    s.positions.push_back({spread * uniform(random), spread * uniform(random), spread * uniform(random)});
  }
  return s;
}

} // namespace soapstone::structure
