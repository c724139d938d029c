// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/contraction_stage.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/kernel/contraction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soapstone::workflow {

namespace {

void warn_of_small_sample(Stages& stages, const kernel::KernelSpec& spec,
                          const kernel::ContractionOptions& options) {
  if (spec.projection && spec.projection->width < options.goal.width)
    stages.warn(
        format("`contraction` = %lld: the sample has only %lld linearly independent features, which are "
               "kept; a larger `contraction_sample` or training set may give more",
               static_cast<long long>(options.goal.width), static_cast<long long>(spec.projection->width)));
}

} // namespace

void run_contraction(Stages& stages, const std::vector<options::KernelOptions>& options,
                     std::span<const structure::Structure> structures,
                     std::vector<kernel::KernelSpec>& kernels) {
  const auto wanted = [](const options::KernelOptions& kernel) { return kernel.contraction.has_value(); };
  if (std::none_of(options.begin(), options.end(), wanted))
    return;
  stages.run("contraction", [&](const Progress& progress) {
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      if (wanted(options[i]))
        kernel::fit_contraction(stages.comm(), kernels[i], structures, *options[i].contraction);
      progress(static_cast<double>(i + 1) / static_cast<double>(kernels.size()));
    }
  });
  for (std::size_t i = 0; i < kernels.size(); ++i)
    if (wanted(options[i])) {
      stages.line("contraction: " + kernel::describe_contraction(kernels[i]));
      warn_of_small_sample(stages, kernels[i], *options[i].contraction);
    }
}

} // namespace soapstone::workflow
