// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/element_properties.hpp"

#include <array>
#include <cstddef>

namespace soapstone::structure {

namespace {

constexpr double none = 0; // no value

struct Properties {
  double electronegativity, van_der_waals_radius, covalent_radius;
};

// From H, z = 1, on; element_properties.hpp names the sources.
constexpr std::array<Properties, 96> properties{{
    {2.20, 1.20, 0.31}, // H
    {none, 1.43, 0.28}, // He
    {0.98, 2.12, 1.28}, // Li
    {1.57, 1.98, 0.96}, // Be
    {2.04, 1.91, 0.84}, // B
    {2.55, 1.77, 0.76}, // C
    {3.04, 1.66, 0.71}, // N
    {3.44, 1.50, 0.66}, // O
    {3.98, 1.46, 0.57}, // F
    {none, 1.58, 0.58}, // Ne
    {0.93, 2.50, 1.66}, // Na
    {1.31, 2.51, 1.41}, // Mg
    {1.61, 2.25, 1.21}, // Al
    {1.90, 2.19, 1.11}, // Si
    {2.19, 1.90, 1.07}, // P
    {2.58, 1.89, 1.05}, // S
    {3.16, 1.82, 1.02}, // Cl
    {none, 1.83, 1.06}, // Ar
    {0.82, 2.73, 2.03}, // K
    {1.00, 2.62, 1.76}, // Ca
    {1.36, 2.58, 1.70}, // Sc
    {1.54, 2.46, 1.60}, // Ti
    {1.63, 2.42, 1.53}, // V
    {1.66, 2.45, 1.39}, // Cr
    {1.55, 2.45, 1.39}, // Mn
    {1.83, 2.44, 1.32}, // Fe
    {1.88, 2.40, 1.26}, // Co
    {1.91, 2.40, 1.24}, // Ni
    {1.90, 2.38, 1.32}, // Cu
    {1.65, 2.39, 1.22}, // Zn
    {1.81, 2.32, 1.22}, // Ga
    {2.01, 2.29, 1.20}, // Ge
    {2.18, 1.88, 1.19}, // As
    {2.55, 1.82, 1.20}, // Se
    {2.96, 1.86, 1.20}, // Br
    {3.00, 2.25, 1.16}, // Kr
    {0.82, 3.21, 2.20}, // Rb
    {0.95, 2.84, 1.95}, // Sr
    {1.22, 2.75, 1.90}, // Y
    {1.33, 2.52, 1.75}, // Zr
    {1.60, 2.56, 1.64}, // Nb
    {2.16, 2.45, 1.54}, // Mo
    {1.90, 2.44, 1.47}, // Tc
    {2.20, 2.46, 1.46}, // Ru
    {2.28, 2.44, 1.42}, // Rh
    {2.20, 2.15, 1.39}, // Pd
    {1.93, 2.53, 1.45}, // Ag
    {1.69, 2.49, 1.44}, // Cd
    {1.78, 2.43, 1.42}, // In
    {1.96, 2.42, 1.39}, // Sn
    {2.05, 2.47, 1.39}, // Sb
    {2.10, 1.99, 1.38}, // Te
    {2.66, 2.04, 1.39}, // I
    {2.60, 2.06, 1.40}, // Xe
    {0.79, 3.48, 2.44}, // Cs
    {0.89, 3.03, 2.15}, // Ba
    {1.10, 2.98, 2.07}, // La
    {1.12, 2.88, 2.04}, // Ce
    {1.13, 2.92, 2.03}, // Pr
    {1.14, 2.95, 2.01}, // Nd
    {1.13, none, 1.99}, // Pm
    {1.17, 2.90, 1.98}, // Sm
    {1.20, 2.87, 1.98}, // Eu
    {1.20, 2.83, 1.96}, // Gd
    {1.10, 2.79, 1.94}, // Tb
    {1.22, 2.87, 1.92}, // Dy
    {1.23, 2.81, 1.92}, // Ho
    {1.24, 2.83, 1.89}, // Er
    {1.25, 2.79, 1.90}, // Tm
    {1.10, 2.80, 1.87}, // Yb
    {1.27, 2.74, 1.87}, // Lu
    {1.30, 2.63, 1.75}, // Hf
    {1.50, 2.53, 1.70}, // Ta
    {2.36, 2.57, 1.62}, // W
    {1.90, 2.49, 1.51}, // Re
    {2.20, 2.48, 1.44}, // Os
    {2.20, 2.41, 1.41}, // Ir
    {2.28, 2.29, 1.36}, // Pt
    {2.54, 2.32, 1.36}, // Au
    {2.00, 2.45, 1.32}, // Hg
    {1.62, 2.47, 1.45}, // Tl
    {1.87, 2.60, 1.46}, // Pb
    {2.02, 2.54, 1.48}, // Bi
    {2.00, 1.97, 1.40}, // Po
    {2.20, 2.02, 1.50}, // At
    {2.20, 2.20, 1.50}, // Rn
    {0.79, 3.48, 2.60}, // Fr
    {0.90, 2.83, 2.21}, // Ra
    {1.10, 2.80, 2.15}, // Ac
    {1.30, 2.93, 2.06}, // Th
    {1.50, 2.88, 2.00}, // Pa
    {1.38, 2.71, 1.96}, // U
    {1.36, 2.82, 1.90}, // Np
    {1.28, 2.81, 1.87}, // Pu
    {1.13, 2.83, 1.80}, // Am
    {1.28, 3.05, 1.69}, // Cm
}};

std::optional<double> look_up(int z, double Properties::*property) {
  const auto place = static_cast<std::size_t>(z - 1);
  if (z < 1 || place >= properties.size() || properties[place].*property == none)
    return std::nullopt;
  return properties[place].*property;
}

} // namespace

std::optional<double> pauling_electronegativity(int z) {
  return look_up(z, &Properties::electronegativity);
}

std::optional<double> van_der_waals_radius(int z) {
  return look_up(z, &Properties::van_der_waals_radius);
}

std::optional<double> covalent_radius(int z) {
  return look_up(z, &Properties::covalent_radius);
}

} // namespace soapstone::structure
