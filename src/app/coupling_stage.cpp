// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/coupling_stage.hpp"

#include "soapstone/app/load_data.hpp"
#include "soapstone/app/solver_plan.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/soap/coupling_file.hpp"

#include <algorithm>

namespace soapstone::app {

using soap::SpeciesCoupling;

namespace {

SpeciesCoupling read_coupling(const std::string& path) {
  return soap::parse_coupling(read_text_file(path, "the species coupling"), path);
}

SpeciesCoupling make_coupling(const SpeciesOptions& options, const std::vector<int>& elements) {
  if (options.coupling != "gaussian")
    return soap::select_coupling(read_coupling(options.coupling), elements, options.channels,
                                 options.coupling);
  if (options.channels && static_cast<std::size_t>(*options.channels) > elements.size())
    throw ConfigError(format("species.channels = %d: expected at most the %zu elements (%s)",
                             *options.channels, elements.size(), element_list(elements).c_str()),
                      "species.channels");
  return soap::gaussian_coupling(
      elements,
      {options.sigma_electronegativity, options.sigma_radius, options.electronegativities, options.radii},
      options.channels);
}

/// The command that a run does, or plans.
std::string command_of(const Configuration& configuration) {
  return configuration.command == "plan" ? configuration.plan.command : configuration.command;
}

bool trains(const Configuration& configuration) {
  const auto command = command_of(configuration);
  return command == "train" || command == "learning-curve";
}

/// What a kernel without one space of features cannot do, and this run does with this kernel; or empty.
std::string obstacle_to_sparse(const Configuration& configuration, const KernelOptions& kernel) {
  if (const auto command = command_of(configuration); command == "features" || command == "optimize")
    return "'" + command + "'";
  if (kernel.contraction)
    return "soap.contraction";
  const auto& solver = configuration.solver;
  if (trains(configuration) && solver.kind != "auto" && solver.kind != "cholesky")
    return "regression.solver = " + solver.kind;
  if (trains(configuration) && solver.compact == "yes")
    return "regression.compact = yes";
  return "";
}

} // namespace

void choose_forms(const Session& session, const Configuration& configuration,
                  std::span<const structure::Structure> structures,
                  std::vector<kernel::KernelSpec>& kernels) {
  const auto& options = configuration.kernels;
  std::vector<std::size_t> paying;
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const auto& form = options[k].species.form;
    if (!kernels[k].coupling || form == "channels")
      continue;
    const auto obstacle = obstacle_to_sparse(configuration, options[k]);
    if (form == "sparse" && !obstacle.empty())
      throw ConfigError("species.form = sparse: " + obstacle +
                            " needs the form channels, expected auto or channels",
                        "species.form");
    kernels[k].sparse = form == "sparse";
    if (form == "auto" && obstacle.empty() && kernel::sparse_pays(kernels[k], structures))
      paying.push_back(k);
  }
  // The solvers that need no kernel matrix need channels.
  const bool forced =
      std::any_of(kernels.begin(), kernels.end(), [](const auto& spec) { return spec.sparse; });
  if (paying.empty() ||
      (!forced && trains(configuration) &&
       choose_solver_on({configuration, kernels, structures, {}}, machine_of(session)).kind !=
           regression::SolverKind::cholesky))
    return;
  for (const auto k : paying)
    kernels[k].sparse = true;
}

std::shared_ptr<const SpeciesCoupling> species_coupling(const parallel::Communicator& comm,
                                                        const SpeciesOptions& options,
                                                        const std::vector<int>& elements) {
  if (options.coupling == "none")
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
         (spec.sparse ? ", in sparse form" : "");
}

Json coupling_json(const std::vector<kernel::KernelSpec>& kernels) {
  Json all = Json::array();
  for (const auto& spec : kernels) {
    if (!spec.coupling) {
      all.push_back(nullptr);
      continue;
    }
    Json u = Json::array(), symbols = Json::array();
    const auto& coupling = *spec.coupling;
    for (int channel = 0; channel < coupling.channels(); ++channel) {
      Json row = Json::array();
      for (std::size_t element = 0; element < coupling.elements.size(); ++element)
        row.push_back(coupling.at(channel, element));
      u.push_back(row);
    }
    for (const int z : coupling.elements)
      symbols.push_back(element_list({z}));
    all.push_back({{"elements", symbols},
                   {"u", u},
                   {"normalize", coupling.normalize_before ? "before" : "after"},
                   {"form", spec.sparse ? "sparse" : "channels"}});
  }
  return all;
}

} // namespace soapstone::app
