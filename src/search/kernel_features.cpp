// SPDX-License-Identifier: BSD-3-Clause
#include "kernel_features.hpp"

#include "soapstone/search/loss_memory.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::search {

namespace {

constexpr std::size_t batch_size = gradients_at_once;

features::FeatureRows rows_of(const kernel::KernelSpec& spec) {
  return spec.zeta == 1 ? features::FeatureRows::means : features::FeatureRows::environments;
}

} // namespace

KernelFeatures::KernelFeatures(const kernel::KernelSpec& spec,
                               std::shared_ptr<features::DensityCache> densities,
                               const features::WantedDerivatives& wanted)
    : full_(densities, spec.coupling, spec.density, rows_of(spec), wanted), densities_(std::move(densities)),
      projection_(spec.projection) {}

features::FeatureLayout KernelFeatures::layout() const {
  return projection_ ? kernel::dense_layout(projection_->width) : full_.layout();
}

features::FeatureBlock KernelFeatures::compute(std::size_t first, std::size_t count) const {
  if (!projection_)
    return full_.compute(first, count);
  return kernel::project_in_batches(
      [&](std::size_t start, std::size_t some) { return full_.compute(first + start, some); },
      densities_->structures().subspan(first, count), *projection_);
}

void KernelFeatures::add_derivatives(std::size_t first, const features::FeatureBlock& gradient,
                                     features::SoapDerivatives& sum) const {
  if (!projection_)
    return full_.add_derivatives(first, gradient, sum);
  const auto count = static_cast<std::size_t>(gradient.structures);
  for (std::size_t start = 0; start < count; start += batch_size) {
    auto full = full_.outline(first + start, std::min(batch_size, count - start));
    kernel::add_transposed(gradient, static_cast<std::int64_t>(start), *projection_, full);
    full_.add_derivatives(first + start, full, sum);
  }
}

} // namespace soapstone::search
