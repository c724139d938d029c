// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/contraction.hpp"

#include "soapstone/base/text.hpp"
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
    throw ConfigError(format("soap.contraction = %lld: there are only %lld features to choose from",
                             static_cast<long long>(goal.width), static_cast<long long>(width)),
                      "soap.contraction");
}

void share(const parallel::Communicator& comm, Reduction& reduction) {
  parallel::broadcast(comm, reduction.layout.widths);
  parallel::broadcast(comm, reduction.width_in);
  parallel::broadcast(comm, reduction.width);
  parallel::broadcast(comm, reduction.matrix);
  parallel::broadcast(comm, reduction.variances);
  parallel::broadcast(comm, reduction.residual_variance);
}

std::shared_ptr<const Reduction> fit_pca(const parallel::Communicator& comm, const KernelSpec& spec,
                                         std::span<const structure::Structure> structures,
                                         const ContractionOptions& options) {
  const auto layout = feature_layout(spec);
  auto reduction = parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return Reduction{};
    auto size = options.sample;
    size.rows = std::max(size.rows, rows_per_component * options.goal.width);
    const auto sample = draw_rows(make_features(spec), structures, size, options.seed);
    return fit_reduction(sample, layout, options.goal, options.seed);
  });
  share(comm, reduction);
  return std::make_shared<const Reduction>(std::move(reduction));
}

} // namespace

void fit_contraction(const parallel::Communicator& comm, KernelSpec& spec,
                     std::span<const structure::Structure> structures, const ContractionOptions& options) {
  require_possible(options.goal, feature_layout(spec).total_width());
  spec.reduction = fit_pca(comm, spec, structures, options);
}

std::string describe_contraction(const KernelSpec& spec) {
  if (!spec.reduction)
    return "";
  const auto& reduction = *spec.reduction;
  return format("%lld of %lld features (pca), residual variance %.2g",
                static_cast<long long>(reduction.width), static_cast<long long>(reduction.width_in),
                reduction.residual_variance);
}

} // namespace soapstone::kernel
