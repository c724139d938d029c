// SPDX-License-Identifier: BSD-3-Clause
// Inputs of the benchmarks: molecules from the data that ships with the project, and made-up features.
#pragma once

#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <string>
#include <vector>

namespace soapstone::benchmark {

inline constexpr int atoms_per_molecule = 18; ///< of QM9, which the made-up molecules imitate

/// The first `count` molecules of an extended XYZ file, or all it has.
std::vector<structure::Structure> read_molecules(const std::string& path, std::int64_t count);

/// SOAP with all elements of organic molecules, cutoff 5 Å, radially scaled, zeta = 2.
kernel::KernelSpec organic_kernel(int n_max, int l_max);

inline constexpr int crystal_elements = 39; ///< of made_up_crystals: hydrogen and those that follow

/// Cells of 10 atoms of 4 elements, as elpasolites are, every one different: no bond is shorter than 2 Å.
std::vector<structure::Structure> made_up_crystals(std::int64_t count);

/// Molecules of 18 atoms for made_up_features, every one different.
std::vector<structure::Structure> made_up_molecules(std::int64_t count);

/// Dense rows of unit length on average, as contracted features are: one group, one segment.
kernel::FeatureFunction made_up_features(std::int64_t width);

} // namespace soapstone::benchmark
