// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/kernel_specs.hpp"

#include "soapstone/workflow/contraction_stage.hpp"
#include "soapstone/workflow/coupling_stage.hpp"
#include "soapstone/workflow/data_elements.hpp"

namespace soapstone::workflow {

std::vector<kernel::KernelSpec> kernel_specs(const Context& context,
                                             const options::Configuration& configuration,
                                             const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures) {
  const auto& kernels = configuration.kernels;
  std::vector<kernel::KernelSpec> specs;
  for (const auto& options : kernels) {
    const auto& own = options.species.elements.empty() ? elements : options.species.elements;
    kernel::KernelSpec spec{options.soap, own, options.zeta, options.weight};
    spec.precision = options.precision;
    spec.store = context.environments;
    spec.coupling = species_coupling(context.comm(), options.species, own);
    specs.push_back(std::move(spec));
  }
  choose_forms(context.machine, configuration, structures, specs);
  for (const auto& spec : specs)
    if (const auto text = describe_coupling(spec); !text.empty())
      context.stages.line("species coupling: " + text);
  run_contraction(context.stages, kernels, structures, specs);
  return specs;
}

kernel::KernelSpec environment_spec(const Context& context, const options::Configuration& configuration,
                                    std::span<const structure::Structure> structures) {
  auto by_environment = configuration;
  for (auto& kernel : by_environment.kernels)
    kernel.zeta = 2; // with an exponent of 1 there would be one row per structure
  const auto elements = channels_for(configuration, elements_of(structures));
  return kernel_specs(context, by_environment, elements, structures).front();
}

} // namespace soapstone::workflow
