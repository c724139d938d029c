// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/parallel/communicator.hpp"
#include "soapstone/planning/machine.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Collective. The coupling of one kernel for these elements, the same bits on all ranks (rank 0 makes it, or
/// reads it); nothing for `none`. Throws ConfigError where the elements have no values or no columns, or
/// where more channels are wanted than there are elements, DataError for a file that is no coupling, IoError.
std::shared_ptr<const soap::SpeciesCoupling> species_coupling(const parallel::Communicator& comm,
                                                              const options::SpeciesOptions& options,
                                                              const std::vector<int>& elements);

/// Collective. Which kernels take the pairwise form: those whose species.form says so, and for `auto` those
/// for which it pays with structures like these (of the training set) and whose use gives the same with it.
/// Throws ConfigError (species.form) where it is wanted beside something that works on features: a
/// contraction, a solver other than cholesky, a compact form, `features`, `optimize`.
void choose_forms(const planning::Machine& machine, const options::Configuration& configuration,
                  std::span<const structure::Structure> structures, std::vector<kernel::KernelSpec>& kernels);

/// "4 channels of 39 elements, normalised before"; empty without a coupling.
std::string describe_coupling(const kernel::KernelSpec& spec);

} // namespace soapstone::workflow
