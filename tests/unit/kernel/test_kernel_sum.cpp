// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_sum.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/soap/calculator.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

std::vector<structure::Structure> molecules(int count, std::uint64_t seed) {
  std::vector<structure::Structure> result;
  CounterRandom random(seed);
  for (int s = 0; s < count; ++s) {
    structure::Structure structure;
    const auto atoms = 2 + random.below(4);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(random.below(2) == 0 ? 1 : 6);
      structure.positions.push_back(
          {1.1 * static_cast<double>(a) + 0.2 * random.uniform(), random.uniform(), random.uniform()});
    }
    result.push_back(structure);
  }
  return result;
}

std::vector<KernelSpec> two_kernels() {
  KernelSpec a, b;
  a.soap.n_max = b.soap.n_max = 3;
  a.soap.l_max = b.soap.l_max = 2;
  a.elements = b.elements = {1, 6};
  a.weight = 3.0;
  b.weight = 0.5;
  b.zeta = 1;
  b.soap.body_order = 2;
  return {a, b};
}

/// sum over kernels of weight times the mean of (p_j . p_k)^zeta, from dense features.
double expected(const std::vector<KernelSpec>& kernels, const structure::Structure& a,
                const structure::Structure& b) {
  double sum = 0;
  for (const auto& spec : kernels) {
    const soap::SoapCalculator calculator(spec.soap, spec.elements);
    const auto p = to_dense(calculator.compute({&a, 1}), calculator.layout());
    const auto q = to_dense(calculator.compute({&b, 1}), calculator.layout());
    const auto width = static_cast<std::size_t>(calculator.layout().total_width());
    for (std::size_t j = 0; j < a.size(); ++j)
      for (std::size_t k = 0; k < b.size(); ++k) {
        double dot = 0;
        for (std::size_t f = 0; f < width; ++f)
          dot += p[j * width + f] * q[k * width + f];
        sum += spec.weight * std::pow(dot, spec.zeta) / static_cast<double>(a.size() * b.size());
      }
  }
  return sum;
}

TEST(KernelSum, AddsItsKernels) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto kernels = two_kernels();
  const auto structures = molecules(13, 1), others = molecules(6, 2);
  KernelSum sum(grid, kernels, structures, 3);
  const KernelSum rows(grid, kernels, others, 3);
  const auto square = linalg::gather(sum.assemble(1 << 20));
  const auto cross = linalg::gather(sum.assemble_against(rows, 1 << 20));
  const std::vector<double> x(13, 1.0);
  const auto applied = sum.apply(others, x, 1);
  for (std::size_t i = 0; i < 6; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < 13; ++j) {
      const double value = expected(kernels, others[i], structures[j]);
      EXPECT_NEAR(cross[i + 6 * j], value, 1e-12);
      row += value;
    }
    EXPECT_NEAR(applied[i], row, 1e-11);
  }
  for (std::size_t j = 0; j < 13; ++j)
    for (std::size_t i = j; i < 13; ++i)
      EXPECT_NEAR(square[i + 13 * j], expected(kernels, structures[i], structures[j]), 1e-12);
}

} // namespace
} // namespace soapstone::kernel
