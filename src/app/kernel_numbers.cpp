// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/kernel_numbers.hpp"

#include "soapstone/app/option_table.hpp"

#include <set>

namespace soapstone::app {

std::vector<int> kernel_numbers(const Configuration& configuration) {
  std::set<int> numbers;
  for (const auto& given : configuration.effective)
    if (const auto match = match_key(given.key); match && match->kernel > 0)
      numbers.insert(match->kernel);
  return {numbers.begin(), numbers.end()};
}

} // namespace soapstone::app
