// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_sum.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/features/calculator.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

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

/// The kernels by their definition, from dense features.
class Definition {
public:
  explicit Definition(const std::vector<KernelSpec>& kernels) : kernels_(kernels) {
    for (const auto& spec : kernels)
      calculators_.emplace_back(spec.soap, spec.elements);
  }

  /// sum over kernels of weight times the mean of (p_j . p_k)^zeta.
  double operator()(const structure::Structure& a, const structure::Structure& b) const {
    double sum = 0;
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      const auto p = dense(i, a), q = dense(i, b);
      const auto width = p.size() / a.size();
      for (std::size_t j = 0; j < a.size(); ++j)
        for (std::size_t k = 0; k < b.size(); ++k)
          sum += kernels_[i].weight / static_cast<double>(a.size() * b.size()) *
                 std::pow(std::inner_product(&p[j * width], &p[j * width] + width, &q[k * width], 0.0),
                          kernels_[i].zeta);
    }
    return sum;
  }

private:
  std::vector<double> dense(std::size_t i, const structure::Structure& a) const {
    return to_dense(calculators_[i].compute({&a, 1}), calculators_[i].layout());
  }
  std::vector<KernelSpec> kernels_;
  std::vector<features::SoapCalculator> calculators_;
};

TEST(KernelSum, AddsItsKernels) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto kernels = two_kernels();
  const Definition expected(kernels);
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
      const double value = expected(others[i], structures[j]);
      EXPECT_NEAR(cross[i + 6 * j], value, 1e-12);
      row += value;
    }
    EXPECT_NEAR(applied[i], row, 1e-11);
  }
  for (std::size_t j = 0; j < 13; ++j)
    for (std::size_t i = j; i < 13; ++i)
      EXPECT_NEAR(square[i + 13 * j], expected(structures[i], structures[j]), 1e-12);
}

} // namespace
} // namespace soapstone::kernel
