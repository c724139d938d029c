// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_spec.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/features/calculator.hpp"
#include "soapstone/features/feature_layout.hpp"
#include "soapstone/kernel/tile.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>

namespace soapstone::kernel {

using features::FeatureBlock;
using Structures = std::span<const structure::Structure>;

namespace {

/// Returns a function whose blocks `change` has transformed.
template <typename Change>
FeatureFunction followed_by(const FeatureFunction& features, Change change) {
  return {[=](Structures structures) { return change(features(structures)); },
          [=](const structure::Structure& structure, structure::AtomRange atoms) {
            return change(features(structure, atoms));
          }};
}

/// Computes means over whole structures. The mean of a large structure is added up from its parts.
FeatureBlock means_of(const FeatureFunction& means, Structures structures) {
  const auto parts = structures.size() == 1 ? cut_runs(structures, {}) : std::vector<FeatureRun>{};
  if (parts.size() < 2)
    return means(structures);
  auto sum = means(structures, parts.front());
  for (const auto& part : std::span(parts).subspan(1)) {
    const auto more = means(structures, part);
    auto& values = sum.groups.front().values;
    std::transform(values.begin(), values.end(), more.groups.front().values.begin(), values.begin(),
                   std::plus<>());
  }
  return sum;
}

FeatureFunction full_features(const KernelSpec& spec) {
  const auto calculator = std::make_shared<const features::SoapCalculator>(
      spec.soap, spec.elements, spec.density, spec.coupling, spec.store);
  FeatureFunction rows([=](Structures structures) { return calculator->compute(structures); },
                       [=](const structure::Structure& structure, structure::AtomRange atoms) {
                         return calculator->compute(structure, atoms);
                       });
  if (const auto pairwise = pairwise_coupling(spec)) {
    expects(!spec.density && !spec.projection, "a sparse kernel without a contraction");
    rows = {[=](Structures structures) { return pairwise->features(*calculator, structures); },
            [=](const structure::Structure& structure, structure::AtomRange atoms) {
              return pairwise->features(*calculator, structure, atoms);
            }};
  }
  if (spec.zeta != 1)
    return rows;
  auto means = followed_by(rows, structure_means);
  return {[=](Structures structures) { return means_of(means, structures); },
          [=](const structure::Structure& structure, structure::AtomRange atoms) {
            return means(structure, atoms);
          }};
}

/// Segments before the projection.
features::FeatureLayout full_layout(const KernelSpec& spec) {
  const auto pairwise = spec.density ? nullptr : pairwise_coupling(spec);
  return pairwise ? pairwise->layout()
                  : features::feature_layout(spec.soap, density_channels(spec), spec.density.get());
}

/// Channels with something in them for a structure that has these elements; of a pairwise kernel the
/// elements.
std::int64_t channels_for(const KernelSpec& spec, const std::set<std::uint8_t>& present) {
  if (!spec.coupling || spec.pairwise)
    return static_cast<std::int64_t>(present.size());
  std::vector<int> places;
  for (std::size_t i = 0; i < spec.elements.size(); ++i)
    if (present.contains(static_cast<std::uint8_t>(spec.elements[i])))
      places.push_back(static_cast<int>(i));
  return static_cast<std::int64_t>(soap::active_channels(*spec.coupling, places).size());
}

/// Features of a structure that has these elements.
std::int64_t width_for(const KernelSpec& spec, const std::set<std::uint8_t>& present) {
  if (spec.projection || spec.density)
    return feature_layout(spec).total_width();
  const auto radial = channels_for(spec, present) * spec.soap.n_max;
  return spec.soap.body_order == 3 ? radial * (radial + 1) / 2 * (spec.soap.l_max + 1) : radial;
}

/// Every environment as a structure of its own.
FeatureBlock taken_apart(FeatureBlock block) {
  std::vector<std::int32_t> firsts(static_cast<std::size_t>(block.structures) + 1, 0);
  for (const auto& group : block.groups)
    for (std::size_t s = 0; s < group.structures.size(); ++s)
      firsts[static_cast<std::size_t>(group.structures[s]) + 1] = group.environments[s];
  std::partial_sum(firsts.begin(), firsts.end(), firsts.begin());
  for (auto& group : block.groups) {
    std::vector<std::int32_t> numbers;
    for (std::size_t s = 0; s < group.structures.size(); ++s)
      for (std::int32_t e = 0; e < group.environments[s]; ++e)
        numbers.push_back(firsts[static_cast<std::size_t>(group.structures[s])] + e);
    group.environments.assign(numbers.size(), 1);
    group.structures = std::move(numbers);
    group.part_of = 0;
  }
  block.structures = firsts.back();
  return block;
}

FeatureBlock rounded(FeatureBlock block) {
  round_to_float(block);
  return block;
}

} // namespace

int density_channels(const KernelSpec& spec) {
  return spec.coupling ? spec.coupling->channels() : static_cast<int>(spec.elements.size());
}

std::shared_ptr<const PairwiseCoupling> pairwise_coupling(const KernelSpec& spec) {
  return spec.pairwise && spec.coupling ? std::make_shared<const PairwiseCoupling>(*spec.coupling, spec.soap)
                                        : nullptr;
}

KernelSpec by_channels(KernelSpec spec) {
  spec.pairwise = false;
  return spec;
}

// Counted for one environment as column. Its image takes for every pair of elements what the product with one
// row takes, and small products run at half the speed of large ones.
bool pairwise_pays(const KernelSpec& spec, Structures structures) {
  auto pairwise = spec;
  pairwise.pairwise = true;
  double products = 0, images = 0;
  for (const auto& structure : structures) {
    const std::set<std::uint8_t> present(structure.species.begin(), structure.species.end());
    const auto count = static_cast<double>(present.size());
    const double rows = spec.zeta == 1 ? 1.0 : static_cast<double>(structure.size());
    const double pairs = spec.soap.body_order == 2 ? count : count * (count + 1) / 2;
    products += rows * static_cast<double>(width_for(by_channels(spec), present));
    images += (rows + pairs) * static_cast<double>(width_for(pairwise, present));
  }
  return 4 * images <= products;
}

FeatureFunction make_features(const KernelSpec& spec) {
  auto features = full_features(spec);
  if (spec.projection) {
    expects(spec.projection->layout.widths == full_layout(spec).widths, "a contraction of these features");
    const auto projection = spec.projection;
    features = {
        [=](Structures structures) {
          return project_in_batches(
              [&](std::size_t first, std::size_t some) { return features(structures.subspan(first, some)); },
              structures, *projection);
        },
        [=](const structure::Structure& structure, structure::AtomRange atoms) {
          return project(features(structure, atoms), *projection);
        }};
  }
  if (spec.precision == Precision::float64)
    return features;
  return followed_by(features, rounded);
}

FeatureFunction make_features(const KernelSpec& spec, RowsOf rows) {
  if (rows == RowsOf::structures)
    return make_features(spec);
  auto one_row_each = spec;
  one_row_each.zeta = 2; // no means
  return followed_by(make_features(one_row_each), taken_apart);
}

std::int64_t count_rows(Structures structures, RowsOf rows) {
  std::int64_t count = 0;
  for (const auto& structure : structures)
    count += rows == RowsOf::structures ? 1 : static_cast<std::int64_t>(structure.size());
  return count;
}

features::FeatureLayout feature_layout(const KernelSpec& spec) {
  return spec.projection ? dense_layout(spec.projection->width) : full_layout(spec);
}

std::int64_t feature_bytes(const KernelSpec& spec, const structure::Structure& structure) {
  const std::set<std::uint8_t> present(structure.species.begin(), structure.species.end());
  const auto width = width_for(spec, present);
  const auto rows = spec.zeta == 1 ? 1 : static_cast<std::int64_t>(structure.size());
  const auto number = spec.precision == Precision::float32 ? sizeof(float) : sizeof(double);
  return rows * width * static_cast<std::int64_t>(number);
}

} // namespace soapstone::kernel
