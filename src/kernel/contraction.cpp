// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/contraction.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/features/calculator.hpp"
#include "soapstone/kernel/density_fit.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <memory>

namespace soapstone::kernel {

namespace {

// Principal components need several times as many rows as there are components.
constexpr std::int64_t rows_per_component = 8;

void require_possible(const ContractionGoal& goal, std::int64_t width) {
  if (goal.width > width)
    throw ConfigError(format("`contraction` = %lld: there are only %lld features to choose from",
                             static_cast<long long>(goal.width), static_cast<long long>(width)),
                      "contraction");
}

void share(const parallel::Communicator& comm, Projection& projection) {
  parallel::broadcast(comm, projection.layout.widths);
  parallel::broadcast(comm, projection.width_in);
  parallel::broadcast(comm, projection.width);
  parallel::broadcast(comm, projection.matrix);
  parallel::broadcast(comm, projection.variances);
  parallel::broadcast(comm, projection.residual_variance);
}

std::shared_ptr<const Projection> fit_pca(const parallel::Communicator& comm, const KernelSpec& spec,
                                          std::span<const structure::Structure> structures,
                                          const ContractionOptions& options) {
  const auto layout = feature_layout(spec);
  auto projection = parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return Projection{};
    auto size = options.sample;
    size.rows = std::max(size.rows, rows_per_component * options.goal.width);
    const auto sample = draw_rows(make_features(spec), structures, size, options.seed);
    return fit_projection(sample, layout, options.goal, options.seed);
  });
  share(comm, projection);
  return std::make_shared<const Projection>(std::move(projection));
}

void share(const parallel::Communicator& comm, soap::DensityContraction& contraction) {
  parallel::broadcast(comm, contraction.channels);
  parallel::broadcast(comm, contraction.n_max);
  auto count = static_cast<std::int64_t>(contraction.matrices.size());
  parallel::broadcast(comm, count);
  contraction.matrices.resize(static_cast<std::size_t>(count));
  for (auto& matrix : contraction.matrices)
    parallel::broadcast(comm, matrix);
  parallel::broadcast(comm, contraction.residual_variance);
}

soap::DensityCovariance sample_covariance(const KernelSpec& spec,
                                          std::span<const structure::Structure> structures,
                                          const ContractionOptions& options) {
  const features::SoapCalculator calculator(spec.soap, spec.elements, nullptr, spec.coupling, spec.store);
  soap::DensityCovariance covariance(static_cast<int>(spec.elements.size()), spec.soap.n_max,
                                     spec.soap.density_l_max());
  const auto total = static_cast<std::int64_t>(structures.size());
  for (const auto s : draw_structures(total, options.sample.structures, options.seed))
    calculator.add_covariance(structures.subspan(static_cast<std::size_t>(s), 1), covariance);
  return spec.coupling ? covariance.coupled(*spec.coupling) : covariance;
}

std::shared_ptr<const soap::DensityContraction> fit_density(const parallel::Communicator& comm,
                                                            const KernelSpec& spec,
                                                            std::span<const structure::Structure> structures,
                                                            const ContractionOptions& options) {
  auto contraction = parallel::agree(comm, [&] {
    return comm.rank() != 0 ? soap::DensityContraction{}
                            : fit_density_contraction(sample_covariance(spec, structures, options),
                                                      options.goal, spec.soap.body_order);
  });
  share(comm, contraction);
  return std::make_shared<const soap::DensityContraction>(std::move(contraction));
}

std::string describe_density(const KernelSpec& spec) {
  const auto& density = *spec.density;
  std::string kept;
  for (int l = 0; l <= density.l_max(); ++l)
    kept += " " + std::to_string(density.kept(l));
  KernelSpec before = spec;
  before.density = nullptr;
  before.projection = nullptr;
  return format("%lld of %lld features (density,%s of %d combinations for l = 0..%d), residual variance %.2g",
                static_cast<long long>(soap::contracted_width(density, spec.soap.body_order)),
                static_cast<long long>(feature_layout(before).total_width()), kept.c_str(),
                density.channels * density.n_max, density.l_max(), density.residual_variance);
}

} // namespace

void fit_contraction(const parallel::Communicator& comm, KernelSpec& spec,
                     std::span<const structure::Structure> structures, const ContractionOptions& options) {
  require_possible(options.goal, feature_layout(spec).total_width());
  if (options.method == ContractionMethod::density)
    spec.density = fit_density(comm, spec, structures, options);
  else
    spec.projection = fit_pca(comm, spec, structures, options);
}

std::string describe_contraction(const KernelSpec& spec) {
  std::string text;
  if (spec.density)
    text = describe_density(spec);
  if (spec.projection)
    text += (text.empty() ? "" : "; ") + format("%lld of %lld features (pca), residual variance %.2g",
                                                static_cast<long long>(spec.projection->width),
                                                static_cast<long long>(spec.projection->width_in),
                                                spec.projection->residual_variance);
  return text;
}

} // namespace soapstone::kernel
