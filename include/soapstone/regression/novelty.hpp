// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/kernel/novelty.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <span>
#include <vector>

namespace soapstone::regression {

/// Holds what a model keeps of one kernel to say how near structures are to its training set: a few
/// environments of training structures, and the standard deviation beyond them (kernel::RowVariance) that a
/// structure rarely exceeds.
struct NoveltyReference {
  std::vector<kernel::RowPlace> rows; ///< structures by their place in the training set
  double threshold = 0;               ///< deviation with novelty 1
};

/// Share of ordinary structures whose novelty stays below 1.
inline constexpr double novelty_quantile = 0.99;

/// Collective. One reference per kernel. The environments come from at most 500 training structures drawn at
/// random (half of them where there are few), the thresholds from at most 1000 others: the novelty of a
/// structure is the largest deviation of any of its environments over the threshold, in the kernel where that
/// is largest, and the (1 - novelty_quantile) most novel of these others have more than 1. None where there
/// are fewer than 10 training structures, whose extremes say nothing.
std::vector<NoveltyReference> fit_novelty(const parallel::Communicator& comm,
                                          const std::vector<kernel::KernelSpec>& kernels,
                                          std::span<const structure::Structure> training, std::uint64_t seed,
                                          const Progress& progress = {});

/// The novelty of structures from their features: at a cost that does not depend on the size of the training
/// set.
class NoveltyMeter {
public:
  /// One reference per kernel. Throws IoError for a reference that names no training structure or atom.
  NoveltyMeter(const std::vector<kernel::KernelSpec>& kernels,
               const std::vector<NoveltyReference>& references,
               std::span<const structure::Structure> training);

  /// out[s] := the larger of itself and the novelty of structure s of the batch in this kernel.
  void update(std::size_t kernel, const features::FeatureBlock& batch, std::span<double> out) const;

private:
  std::vector<kernel::RowVariance> variances_;
  std::vector<double> thresholds_;
};

/// Returns the bytes that a NoveltyMeter takes for one kernel: `rows` references of so many features, twice
/// while they are prepared, and their products with a batch of environments.
constexpr std::int64_t novelty_memory(std::int64_t rows, std::int64_t features, std::int64_t environments) {
  return static_cast<std::int64_t>(sizeof(double)) * rows * (2 * features + environments);
}

/// Collective. Novelty of every structure.
std::vector<double> measure_novelty(const parallel::Communicator& comm,
                                    const std::vector<kernel::KernelSpec>& kernels, const NoveltyMeter& meter,
                                    std::span<const structure::Structure> structures,
                                    const Progress& progress = {});

/// Into and out of groups /novelty/1, /novelty/2, ... of a model file; a file without them gives none.
void write_novelty(h5::Writer& file, const std::vector<NoveltyReference>& references);
/// Throws IoError for a reference that does not fit the model.
std::vector<NoveltyReference> read_novelty(const h5::Reader& file, std::size_t kernels);

} // namespace soapstone::regression
