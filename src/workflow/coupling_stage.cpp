// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/coupling_stage.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/solver_plan.hpp"
#include "soapstone/soap/coupling_file.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soapstone::workflow {

using regression::SolverKind;
using soap::SpeciesCoupling;

namespace {

SpeciesCoupling read_coupling(const std::string& path) {
  return soap::parse_coupling(read_text_file(path, "the species coupling"), path);
}

SpeciesCoupling make_coupling(const options::SpeciesOptions& options, const std::vector<int>& elements) {
  if (const auto& file = options.coupling_file; options.coupling == options::CouplingKind::file)
    return soap::select_coupling(read_coupling(file), elements, options.channels, file);
  if (options.channels && static_cast<std::size_t>(*options.channels) > elements.size())
    throw ConfigError(format("`channels` = %d: expected at most the %zu elements (%s)", *options.channels,
                             elements.size(), element_list(elements).c_str()),
                      "channels");
  return soap::gaussian_coupling(
      elements,
      {options.sigma_electronegativity, options.sigma_radius, options.electronegativities, options.radii},
      options.channels);
}

bool trains(const options::Configuration& configuration) {
  const auto command = options::purpose_of(configuration);
  return command == options::Command::train || command == options::Command::learning_curve;
}

/// Returns what a kernel without one space of features cannot do, and this run does with this kernel; or
/// empty.
std::string obstacle_to_pairwise(const options::Configuration& configuration,
                                 const options::KernelOptions& kernel) {
  if (const auto command = options::purpose_of(configuration);
      command == options::Command::features || command == options::Command::optimize)
    return "'" + std::string(options::name_of(command)) + "'";
  if (kernel.contraction)
    return "`contraction`";
  const auto& solver = configuration.solver;
  if (trains(configuration) && solver.kind.value_or(SolverKind::cholesky) != SolverKind::cholesky)
    return "`solver` = " + regression::to_string(*solver.kind);
  if (trains(configuration) && solver.compact == options::Choice::yes)
    return "`compact` = yes";
  return "";
}

/// Returns whether a model of these kernels in channels would be solved by a solver that works on features.
bool needs_channels(const planning::Machine& machine, const options::Configuration& configuration,
                    std::span<const structure::Structure> structures,
                    const std::vector<kernel::KernelSpec>& kernels) {
  return trains(configuration) &&
         planning::choose_solver_on({configuration, kernels, structures, {}}, machine).kind !=
             SolverKind::cholesky;
}

} // namespace

void choose_forms(const planning::Machine& machine, const options::Configuration& configuration,
                  std::span<const structure::Structure> structures,
                  std::vector<kernel::KernelSpec>& kernels) {
  const auto& options = configuration.kernels;
  std::vector<std::size_t> paying;
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const auto& form = options[k].species.form;
    if (!kernels[k].coupling || form == options::CouplingForm::channels)
      continue;
    const auto obstacle = obstacle_to_pairwise(configuration, options[k]);
    if (form == options::CouplingForm::pairwise && !obstacle.empty())
      throw ConfigError(
          "`form` = sparse: " + obstacle + " needs the form channels, expected auto or channels", "form");
    kernels[k].pairwise = form == options::CouplingForm::pairwise;
    if (!form && obstacle.empty() && kernel::pairwise_pays(kernels[k], structures))
      paying.push_back(k);
  }
  const bool forced =
      std::any_of(kernels.begin(), kernels.end(), [](const auto& spec) { return spec.pairwise; });
  if (paying.empty() || (!forced && needs_channels(machine, configuration, structures, kernels)))
    return;
  for (const auto k : paying)
    kernels[k].pairwise = true;
}

std::shared_ptr<const SpeciesCoupling> species_coupling(const parallel::Communicator& comm,
                                                        const options::SpeciesOptions& options,
                                                        const std::vector<int>& elements) {
  if (options.coupling == options::CouplingKind::none)
    return nullptr;
  auto coupling = parallel::agree(
      comm, [&] { return comm.rank() == 0 ? make_coupling(options, elements) : SpeciesCoupling{}; });
  parallel::broadcast(comm, coupling.u);
  coupling.elements = elements;
  coupling.normalize_before = options.normalize_before;
  return std::make_shared<const SpeciesCoupling>(std::move(coupling));
}

std::string describe_coupling(const kernel::KernelSpec& spec) {
  if (!spec.coupling)
    return "";
  const int channels = spec.coupling->channels();
  return format("%d channel%s of %zu elements", channels, channels == 1 ? "" : "s", spec.elements.size()) +
         (!spec.soap.normalize              ? ""
          : spec.coupling->normalize_before ? ", normalised before"
                                            : ", normalised after") +
         (spec.pairwise ? ", in sparse form" : "");
}

} // namespace soapstone::workflow
