// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_basis.hpp"

#include "gto_basis.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace soapstone::soap {
namespace {

struct Basis {
  std::vector<double> (*functions)(int n_max, double cutoff, std::span<const double> points);
  bool ends_at_the_cutoff;
};

/// In the order of RadialBasis.
constexpr std::array bases{Basis{gto_basis, false}};

static_assert(bases.size() == 1 + std::count(radial_basis_names.begin(), radial_basis_names.end(), '|'),
              "every radial basis has a name and a function");

const Basis& definition(RadialBasis basis) {
  return bases.at(static_cast<std::size_t>(basis));
}

} // namespace

std::string to_string(RadialBasis basis) {
  return split(radial_basis_names, '|').at(static_cast<std::size_t>(basis));
}

RadialBasis radial_basis_named(std::string_view name) {
  const auto names = split(radial_basis_names, '|');
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw ConfigError("soap.radial-basis must be one of " + std::string(radial_basis_names) + ", not " +
                          std::string(name),
                      "soap.radial-basis");
  return static_cast<RadialBasis>(found - names.begin());
}

std::vector<double> radial_functions(RadialBasis basis, int n_max, double cutoff,
                                     std::span<const double> points) {
  expects(n_max >= 1 && cutoff > 0, "a radial basis needs a function and a positive cutoff");
  return definition(basis).functions(n_max, cutoff, points);
}

double radial_extent(RadialBasis basis, double cutoff) {
  return definition(basis).ends_at_the_cutoff ? cutoff : std::numeric_limits<double>::infinity();
}

} // namespace soapstone::soap
