// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/environment_store.hpp"
#include "soapstone/kernel/feature_store.hpp"
#include "soapstone/kernel/pairwise_coupling.hpp"
#include "soapstone/kernel/projection.hpp"
#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/parameters.hpp"
#include "soapstone/soap/species_coupling.hpp"

#include <memory>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// One kernel of a model: which features, which exponent, which weight (eqs. 11, 18 of Willatt, Musil,
/// Ceriotti, PCCP 20, 29661 (2018)).
struct KernelSpec {
  soap::SoapParameters soap;
  std::vector<int> elements; ///< atomic numbers with a species channel, ascending
  int zeta = 2;
  double weight = 1.0;
  std::shared_ptr<const soap::SpeciesCoupling> coupling = nullptr;   ///< of these elements; none: identity
  std::shared_ptr<const soap::DensityContraction> density = nullptr; ///< before the invariants are formed
  std::shared_ptr<const Projection> projection = nullptr;            ///< of the rows
  Precision precision = Precision::float64; ///< float32: rows are rounded to it; products stay float64
  std::shared_ptr<features::EnvironmentStore> store = nullptr; ///< shared with kernels on the same structures
  /// The coupling is in the products (see PairwiseCoupling), not in the features. Not with a contraction;
  /// there is no one space of features then, for compact forms or the like.
  bool pairwise = false;
};

/// Channels of the density before a contraction: those of the coupling, or the elements.
int density_channels(const KernelSpec& spec);

/// Returns what multiplies the features of a pairwise kernel; null for others.
std::shared_ptr<const PairwiseCoupling> pairwise_coupling(const KernelSpec& spec);

/// Returns whether a kernel with a coupling takes at most half the time in pairwise form for structures like
/// these.
bool pairwise_pays(const KernelSpec& spec, std::span<const structure::Structure> structures);

/// Returns the same kernel with channels as features.
KernelSpec by_channels(KernelSpec spec);

/// The rows that the kernel multiplies: environment features, or for zeta = 1 their means over each
/// structure, for which the average kernel is a plain dot product; contracted if the spec says so. Tabulates
/// the radial integrals once; the function keeps them alive.
FeatureFunction make_features(const KernelSpec& spec);

/// Says what a feature block's "structures" are: structures, or single environments, atom after atom of
/// structure after structure.
enum class RowsOf { structures, environments };

/// Returns the same function for RowsOf::structures. For RowsOf::environments the rows of all environments,
/// also where the kernel multiplies means, every one as a structure of its own.
FeatureFunction make_features(const KernelSpec& spec, RowsOf rows);

/// Rows of that kind that structures have together.
std::int64_t count_rows(std::span<const structure::Structure> structures, RowsOf rows);

/// Segments of those rows.
features::FeatureLayout feature_layout(const KernelSpec& spec);

/// Bytes of those rows for one structure as they are kept, without computing them.
std::int64_t feature_bytes(const KernelSpec& spec, const structure::Structure& structure);

/// Returns the bytes that a projection takes for a batch of structures, whose features take `full` bytes
/// before it and `kept` after it, beside the rows that it adds to: both, and those kept once more while they
/// are added.
constexpr std::int64_t projection_memory(std::int64_t full, std::int64_t kept) {
  return full + 2 * kept;
}

} // namespace soapstone::kernel
