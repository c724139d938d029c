// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/novelty.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/regression/batches.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::regression {

using kernel::KernelSpec;
using kernel::RowPlace;
using Structures = std::span<const structure::Structure>;

namespace {

constexpr std::int64_t most_sampled = 500, most_measured = 1000, least_training = 10;
constexpr std::uint64_t stream = std::uint64_t{1} << 42; // far from those of splits and contractions
// Deviations below this are rounding: a threshold of zero would flag every last bit.
constexpr double least_threshold = 1e-4;

/// Rows have unit length before principal components drop part of them, so what is missing is known.
bool have_unit_rows(const KernelSpec& spec) {
  return spec.soap.normalize && spec.projection && spec.zeta != 1 &&
         !(spec.coupling && spec.coupling->normalize_before);
}

/// Novelty is measured in one space of features.
std::vector<KernelSpec> with_channels(std::vector<KernelSpec> kernels) {
  for (auto& spec : kernels)
    spec = kernel::by_channels(std::move(spec));
  return kernels;
}

std::vector<structure::Structure> pick(Structures structures, std::span<const std::int64_t> numbers) {
  std::vector<structure::Structure> picked;
  for (const auto number : numbers)
    picked.push_back(structures[static_cast<std::size_t>(number)]);
  return picked;
}

/// Chosen on rank 0, the same on all.
std::vector<RowPlace> choose(const parallel::Communicator& comm, const KernelSpec& spec, Structures training,
                             std::span<const std::int64_t> numbers, std::uint64_t seed) {
  std::vector<std::int64_t> flat;
  parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return;
    for (const auto& place : kernel::choose_rows(kernel::make_features(spec), kernel::feature_layout(spec),
                                                 pick(training, numbers), {}, seed)) {
      flat.push_back(numbers[static_cast<std::size_t>(place.structure)]);
      flat.push_back(place.row);
    }
  });
  parallel::broadcast(comm, flat);
  std::vector<RowPlace> places;
  for (std::size_t i = 0; i < flat.size(); i += 2)
    places.push_back({flat[i], flat[i + 1]});
  return places;
}

/// The value that a further one of the same kind stays below with this probability: an order statistic
/// (V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World, Springer (2005)).
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(values.size() + 1) * share));
  // A bit more, so that a structure that equals that one does not exceed it by rounding.
  return (1 + 1e-6) * values[std::min(rank, values.size()) - 1];
}

} // namespace

std::vector<NoveltyReference> fit_novelty(const parallel::Communicator& comm,
                                          const std::vector<KernelSpec>& specs, Structures training,
                                          std::uint64_t seed, const Progress& progress) {
  const auto kernels = with_channels(specs);
  const auto n = static_cast<std::int64_t>(training.size());
  if (n < least_training)
    return {};
  auto order = random_permutation(n, seed, stream);
  const auto sampled = std::min(most_sampled, n / 2);
  order.resize(static_cast<std::size_t>(std::min(n, sampled + most_measured)));
  const std::span<const std::int64_t> drawn(order);
  std::vector<NoveltyReference> references;
  references.reserve(kernels.size());
  for (const auto& spec : kernels)
    references.push_back(
        {choose(comm, spec, training, drawn.first(static_cast<std::size_t>(sampled)), seed), 1.0});
  const auto others = pick(training, drawn.subspan(static_cast<std::size_t>(sampled)));
  // First every kernel by itself, then all together.
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const std::vector one{kernels[i]};
    const NoveltyMeter meter(one, {references[i]}, training);
    references[i].threshold = std::max(
        least_threshold, quantile(measure_novelty(comm, one, meter, others, progress), novelty_quantile));
  }
  if (kernels.size() > 1) {
    const NoveltyMeter meter(kernels, references, training);
    const double joint = quantile(measure_novelty(comm, kernels, meter, others), novelty_quantile);
    for (auto& reference : references)
      reference.threshold = std::max(least_threshold, reference.threshold * joint);
  }
  return references;
}

NoveltyMeter::NoveltyMeter(const std::vector<KernelSpec>& specs,
                           const std::vector<NoveltyReference>& references, Structures training) {
  const auto kernels = with_channels(specs);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    variances_.emplace_back(kernel::make_features(kernels[i]), kernel::feature_layout(kernels[i]), training,
                            references.at(i).rows, have_unit_rows(kernels[i]));
    thresholds_.push_back(references[i].threshold);
  }
}

void NoveltyMeter::update(std::size_t kernel, const features::FeatureBlock& batch,
                          std::span<double> out) const {
  const auto deviations = variances_[kernel].deviations(batch);
  for (std::size_t s = 0; s < deviations.size(); ++s)
    out[s] = max_or_nan(out[s], deviations[s] / thresholds_[kernel]);
}

std::vector<double> measure_novelty(const parallel::Communicator& comm,
                                    const std::vector<KernelSpec>& kernels, const NoveltyMeter& meter,
                                    Structures structures, const Progress& progress) {
  return for_batches(comm, with_channels(kernels), structures, 1,
                     [&](std::size_t kernel, const features::FeatureBlock& batch,
                         linalg::MatrixView<double> out) { meter.update(kernel, batch, out.column(0)); },
                     progress, {kernel::RowsOf::structures, 1});
}

void write_novelty(h5::Writer& file, const std::vector<NoveltyReference>& references) {
  for (std::size_t i = 0; i < references.size(); ++i) {
    const std::string group = "/novelty/" + std::to_string(i + 1);
    std::vector<std::int64_t> structures, rows;
    for (const auto& place : references[i].rows) {
      structures.push_back(place.structure);
      rows.push_back(place.row);
    }
    file.write(group + "/structures", structures);
    file.write(group + "/rows", rows);
    file.attribute(group, "threshold", references[i].threshold);
  }
}

std::vector<NoveltyReference> read_novelty(const h5::Reader& file, std::size_t kernels) {
  std::vector<NoveltyReference> references;
  if (!file.exists("/novelty"))
    return references;
  for (std::size_t i = 0; i < kernels; ++i) {
    const std::string group = "/novelty/" + std::to_string(i + 1);
    const auto structures = file.read_integers(group + "/structures"),
               rows = file.read_integers(group + "/rows");
    auto& reference = references.emplace_back();
    reference.threshold = file.attribute_double(group, "threshold");
    if (structures.size() != rows.size() || !(reference.threshold > 0) || !std::isfinite(reference.threshold))
      throw IoError("a row for every structure and a finite threshold above 0 expected in " + group,
                    file.path());
    for (std::size_t r = 0; r < rows.size(); ++r)
      reference.rows.push_back({structures[r], rows[r]});
  }
  return references;
}

} // namespace soapstone::regression
