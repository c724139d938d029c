// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Elements of the structures, ascending atomic numbers.
std::vector<int> elements_of(std::span<const structure::Structure> structures);

/// "H C N O".
std::string element_list(const std::vector<int>& elements);

/// Positions of the structures that have only the given elements, and, in `unknown_elements`, those elements
/// that are not among them.
std::vector<std::int64_t> with_known_elements(const std::vector<structure::Structure>& structures,
                                              const std::vector<int>& known,
                                              std::vector<int>& unknown_elements);

/// "file, frame 3" of a structure.
std::string place_of(const formats::DataSet& data, std::int64_t index);

/// Elements that have a channel in every kernel: those of species.elements, or where that is not given those
/// present.
std::vector<int> channels_for(const options::Configuration& configuration, const std::vector<int>& present);

/// Elements that get a channel for these structures. Throws DataError, naming the first structure, if one has
/// elements outside species.elements.
std::vector<int> channel_elements(const options::Configuration& configuration, const formats::DataSet& train);

} // namespace soapstone::workflow
