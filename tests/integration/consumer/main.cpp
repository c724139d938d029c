// SPDX-License-Identifier: BSD-3-Clause
#include <soapstone/features/calculator.hpp>

#include <cstdio>
#include <vector>

// Prints the SOAP vector of the oxygen of water.
int main() {
  soapstone::soap::SoapParameters parameters;
  parameters.n_max = 2;
  parameters.l_max = 1;
  const soapstone::structure::Structure water{{8, 1, 1}, {{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}, {}};
  const soapstone::features::SoapCalculator calculator(parameters, {1, 8});
  const std::vector<soapstone::structure::Structure> structures{water};
  const auto rows = soapstone::features::to_dense(calculator.compute(structures), calculator.layout());
  for (std::int64_t i = 0; i < calculator.layout().total_width(); ++i)
    std::printf("%.17g\n", rows[static_cast<std::size_t>(i)]);
}
