// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_spec.hpp"

#include "soapstone/kernel/tile.hpp"
#include "soapstone/soap/calculator.hpp"

#include <memory>
#include <set>

namespace soapstone::kernel {

FeatureFunction make_features(const KernelSpec& spec) {
  const auto calculator = std::make_shared<const soap::SoapCalculator>(spec.soap, spec.elements);
  if (spec.zeta == 1)
    return [calculator](std::span<const structure::Structure> structures) {
      return structure_means(calculator->compute(structures));
    };
  return [calculator](std::span<const structure::Structure> structures) {
    return calculator->compute(structures);
  };
}

std::int64_t feature_bytes(const KernelSpec& spec, const structure::Structure& structure) {
  const std::set<std::uint8_t> present(structure.species.begin(), structure.species.end());
  const auto radial = static_cast<std::int64_t>(present.size()) * spec.soap.n_max;
  const auto width = spec.soap.body_order == 3 ? radial * (radial + 1) / 2 * (spec.soap.l_max + 1) : radial;
  const auto rows = spec.zeta == 1 ? 1 : static_cast<std::int64_t>(structure.size());
  return rows * width * static_cast<std::int64_t>(sizeof(double));
}

} // namespace soapstone::kernel
