// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/compact_model.hpp"

#include "small_model.hpp"
#include "soapstone/regression/krr.hpp"
#include "soapstone/regression/primal.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

using Values = std::vector<double>;

double largest_difference(const Values& a, const Values& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// With 20 features (zeta 1), or 210 products of them, of 60 structures and a small lambda the dual
// coefficients are many times what they predict. The reference is the primal solution, which is refined in
// unknowns of its own.
TEST(CompactModel, IsAsAccurateAsThePrimalSolutionWhereTheKernelIsSingular) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  for (const int zeta : {1, 2}) {
    auto spec = testing::small_model().kernels.front();
    spec.soap.n_max = 2;
    spec.soap.l_max = 1;
    spec.zeta = zeta;
    const auto training = testing::random_molecules(60, 3), fresh = testing::random_molecules(20, 4);
    kernel::KernelSum features(grid, {spec}, training, 8);
    const kernel::KernelSum others(grid, {spec}, fresh, 8);
    const auto predict = [&](const kernel::CompactForm& form) {
      return kernel::evaluate_form(others.store(0), form);
    };
    Values y;
    CounterRandom random(7);
    for (int i = 0; i < 120; ++i)
      y.push_back(random.normal());
    KernelRidge ridge(features.assemble(1 << 20), 1e-8, [](std::int64_t) { return std::string(); });
    ridge.factorize();
    auto x = ridge.solve(y, 2).coefficients;
    const auto rough = predict(build_compact(features, x, 2).front());
    const auto refined = refine_compact(
        features, y, ridge.lambda(), [&](const Values& s) { return ridge.solve(s, 2).coefficients; }, x);

    const auto terms = kernel::primal_terms(features);
    PrimalRidge primal(terms, kernel::SumColumns::most_important(terms, 210), 8);
    primal.factorize(ridge.lambda());
    auto forms = kernel::zero_forms(terms, 2);
    solve_primal(terms, primal, y, forms);
    const auto exact = predict(forms.front());
    EXPECT_GT(largest_difference(rough, exact), 1e-8);
    EXPECT_LT(largest_difference(predict(refined.front()), exact), 1e-10);
    auto fitted = y;
    for (std::size_t i = 0; i < x.size(); ++i)
      fitted[i] -= ridge.lambda() * x[i];
    EXPECT_LT(largest_difference(fitted, kernel::evaluate_forms(terms, forms)), 1e-10);
  }
}

} // namespace
} // namespace soapstone::regression
