// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/workflow/context.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Size of a matrix of features.
struct FeatureMatrix {
  std::uint64_t environments = 0, features = 0;
};

/// Collective. Computes the features of all environments, each rank a share of them (stage "features"), and
/// writes them row by row to an HDF5 file, with the structure and the atom of every row (stage "write").
/// Throws ResourceError where they do not fit.
FeatureMatrix write_features(const Context& context, const kernel::KernelSpec& spec,
                             const std::vector<structure::Structure>& structures, const std::string& path);

} // namespace soapstone::workflow
