// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/data_elements.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace soapstone::workflow {

using formats::DataSet;

std::vector<int> elements_of(std::span<const structure::Structure> structures) {
  std::set<int> found;
  for (const auto& structure : structures)
    found.insert(structure.species.begin(), structure.species.end());
  return {found.begin(), found.end()};
}

std::string element_list(const std::vector<int>& elements) {
  std::string text;
  for (const int z : elements)
    text += (text.empty() ? "" : " ") + std::string(structure::element_symbol(z));
  return text;
}

std::vector<std::int64_t> with_known_elements(const std::vector<structure::Structure>& structures,
                                              const std::vector<int>& known,
                                              std::vector<int>& unknown_elements) {
  std::vector<std::int64_t> kept;
  std::set<int> unknown(unknown_elements.begin(), unknown_elements.end());
  for (std::size_t s = 0; s < structures.size(); ++s) {
    const auto& species = structures[s].species;
    bool all_known = true;
    for (const int z : species)
      if (!std::binary_search(known.begin(), known.end(), z)) {
        all_known = false;
        unknown.insert(z);
      }
    if (all_known)
      kept.push_back(static_cast<std::int64_t>(s));
  }
  unknown_elements.assign(unknown.begin(), unknown.end());
  return kept;
}

std::string place_of(const DataSet& data, std::int64_t index) {
  return to_string(data.structures.at(static_cast<std::size_t>(index)).origin.location());
}

std::vector<int> channel_elements(const options::Configuration& configuration, const DataSet& train) {
  auto elements = channels_for(configuration, elements_of(train.structures));
  std::vector<int> unknown_elements;
  const auto kept = with_known_elements(train.structures, elements, unknown_elements);
  for (std::size_t s = 0; s < train.size() && !unknown_elements.empty(); ++s)
    if (s >= kept.size() || kept[s] != static_cast<std::int64_t>(s))
      throw DataError("element " + element_list(unknown_elements) + " is not among `elements` (" +
                          element_list(elements) + ")",
                      train.structures[s].origin.location());
  return elements;
}

std::vector<int> channels_for(const options::Configuration& configuration, const std::vector<int>& present) {
  std::optional<std::vector<int>> common;
  for (const auto& kernel : configuration.kernels) {
    const auto& wanted = kernel.species.elements.empty() ? present : kernel.species.elements;
    std::vector<int> both;
    if (common)
      std::set_intersection(common->begin(), common->end(), wanted.begin(), wanted.end(),
                            std::back_inserter(both));
    common = common ? both : wanted;
  }
  return common.value_or(present);
}

} // namespace soapstone::workflow
