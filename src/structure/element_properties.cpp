// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/element_properties.hpp"

#include <array>
#include <cstddef>

namespace soapstone::structure {

namespace {

constexpr double none = 0; // no value
using Table = std::array<double, 96>;

// clang-format off
constexpr Table electronegativities{
    2.20, none, // H to He
    0.98, 1.57, 2.04, 2.55, 3.04, 3.44, 3.98, none, // Li to Ne
    0.93, 1.31, 1.61, 1.90, 2.19, 2.58, 3.16, none, // Na to Ar
    0.82, 1.00, 1.36, 1.54, 1.63, 1.66, 1.55, 1.83, 1.88, 1.91, 1.90, 1.65, 1.81, 2.01, 2.18, 2.55,
    2.96, 3.00, // K to Kr
    0.82, 0.95, 1.22, 1.33, 1.60, 2.16, 1.90, 2.20, 2.28, 2.20, 1.93, 1.69, 1.78, 1.96, 2.05, 2.10,
    2.66, 2.60, // Rb to Xe
    0.79, 0.89, 1.10, 1.12, 1.13, 1.14, 1.13, 1.17, 1.20, 1.20, 1.10, 1.22, 1.23, 1.24, 1.25, 1.10,
    1.27, // Cs to Lu
    1.30, 1.50, 2.36, 1.90, 2.20, 2.20, 2.28, 2.54, 2.00, 1.62, 1.87, 2.02, 2.00, 2.20, 2.20, // Hf to Rn
    0.79, 0.90, 1.10, 1.30, 1.50, 1.38, 1.36, 1.28, 1.13, 1.28, // Fr to Cm
};

constexpr Table radii{
    1.20, 1.43, // H to He
    2.12, 1.98, 1.91, 1.77, 1.66, 1.50, 1.46, 1.58, // Li to Ne
    2.50, 2.51, 2.25, 2.19, 1.90, 1.89, 1.82, 1.83, // Na to Ar
    2.73, 2.62, 2.58, 2.46, 2.42, 2.45, 2.45, 2.44, 2.40, 2.40, 2.38, 2.39, 2.32, 2.29, 1.88, 1.82,
    1.86, 2.25, // K to Kr
    3.21, 2.84, 2.75, 2.52, 2.56, 2.45, 2.44, 2.46, 2.44, 2.15, 2.53, 2.49, 2.43, 2.42, 2.47, 1.99,
    2.04, 2.06, // Rb to Xe
    3.48, 3.03, 2.98, 2.88, 2.92, 2.95, none, 2.90, 2.87, 2.83, 2.79, 2.87, 2.81, 2.83, 2.79, 2.80,
    2.74, // Cs to Lu
    2.63, 2.53, 2.57, 2.49, 2.48, 2.41, 2.29, 2.32, 2.45, 2.47, 2.60, 2.54, 1.97, 2.02, 2.20, // Hf to Rn
    3.48, 2.83, 2.80, 2.93, 2.88, 2.71, 2.82, 2.81, 2.83, 3.05, // Fr to Cm
};

constexpr Table covalent_radii{
    0.31, 0.28, // H to He
    1.28, 0.96, 0.84, 0.76, 0.71, 0.66, 0.57, 0.58, // Li to Ne
    1.66, 1.41, 1.21, 1.11, 1.07, 1.05, 1.02, 1.06, // Na to Ar
    2.03, 1.76, 1.70, 1.60, 1.53, 1.39, 1.39, 1.32, 1.26, 1.24, 1.32, 1.22, 1.22, 1.20, 1.19, 1.20,
    1.20, 1.16, // K to Kr
    2.20, 1.95, 1.90, 1.75, 1.64, 1.54, 1.47, 1.46, 1.42, 1.39, 1.45, 1.44, 1.42, 1.39, 1.39, 1.38,
    1.39, 1.40, // Rb to Xe
    2.44, 2.15, 2.07, 2.04, 2.03, 2.01, 1.99, 1.98, 1.98, 1.96, 1.94, 1.92, 1.92, 1.89, 1.90, 1.87,
    1.87, // Cs to Lu
    1.75, 1.70, 1.62, 1.51, 1.44, 1.41, 1.36, 1.36, 1.32, 1.45, 1.46, 1.48, 1.40, 1.50, 1.50, // Hf to Rn
    2.60, 2.21, 2.15, 2.06, 2.00, 1.96, 1.90, 1.87, 1.80, 1.69, // Fr to Cm
};
// clang-format on

std::optional<double> look_up(const Table& table, int z) {
  const auto place = static_cast<std::size_t>(z - 1);
  return z < 1 || place >= table.size() || table[place] == none ? std::nullopt : std::optional(table[place]);
}

} // namespace

std::optional<double> pauling_electronegativity(int z) {
  return look_up(electronegativities, z);
}

std::optional<double> van_der_waals_radius(int z) {
  return look_up(radii, z);
}

std::optional<double> covalent_radius(int z) {
  return look_up(covalent_radii, z);
}

} // namespace soapstone::structure
