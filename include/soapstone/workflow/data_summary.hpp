// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/workflow/stages.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// "1500 structures of 3 to 28 atoms (24084 in all; H C N O F)".
std::string describe_sizes(std::span<const structure::Structure> structures);

/// "energy -913.138 to -113.613 eV, -114.715 to -22.723 eV/atom; baseline composition (H -14.2, C -52.6 eV)
/// leaves 43.1 meV/atom": what is learnt, and the standard deviation of what the baseline leaves to learn.
/// energies: eV per structure.
std::string describe_target(const std::string& key, std::span<const structure::Structure> structures,
                            std::span<const double> energies, const regression::Baseline& baseline);

/// Returns those of `elements` whose baseline is a guess.
std::vector<int> guessed_elements(const std::vector<int>& elements, const regression::Baseline& baseline);

/// Prints a line of describe_target() for every target of training structures, and warns of what looks wrong
/// with them: units, elements that are listed but in no structure, elements that cannot be told apart.
void describe_targets(const Stages& stages, const options::Configuration& configuration,
                      const formats::DataSet& data);

/// Warns of structures that are there twice, to the last bit of positions and cell, as cross-validation may
/// learn from one of them and be tested with the other. Works on rank 0; others may call it too.
void warn_of_copies(const Stages& stages, const formats::DataSet& data);

} // namespace soapstone::workflow
