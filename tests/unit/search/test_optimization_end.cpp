// SPDX-License-Identifier: BSD-3-Clause
// Optimisations that have nothing more to do end.
#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/search/optimization.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <stdexcept>

namespace soapstone::search {
namespace {

/// 1 + 10 (x1 - x0²)² + (1 - x0)², with its gradient times `sign`. Throws where it is asked too often.
struct Valley {
  double sign = 1;
  int calls = 0;
  Evaluation operator()(const std::vector<double>& x) {
    if (++calls > 1000)
      throw std::runtime_error("endless");
    const double a = x[1] - x[0] * x[0], b = 1 - x[0];
    return {x, 1 + 10 * a * a + b * b, {sign * (-40 * x[0] * a - 2 * b), sign * 20 * a}};
  }
};

OptimizationResult run(Optimization& state, Valley& valley, const OptimizationOptions& options) {
  return run_optimization(state, std::ref(valley), options, [](const auto&) {});
}

/// With the iteration that its cycle began with, and without an evaluation. To L-BFGS none would be no limit.
TEST(OptimizationEnd, where_no_more_iterations_are_asked_for_than_are_done) {
  for (const int restart : {2, 3}) {
    Optimization state;
    state.start = {-1.2, 1.5};
    Valley valley;
    const auto whole = run(state, valley, {9, restart, 1e-9});
    const auto finished = state.history.size();
    const int calls = valley.calls;
    for (const int iterations : {1, static_cast<int>(finished) - 1}) {
      const auto found = run(state, valley, {iterations, restart, 1e-9});
      EXPECT_THAT(found.history, testing::ElementsAreArray(whole.history.data(), finished + 1));
      EXPECT_EQ(valley.calls, calls);
    }
  }
}

TEST(OptimizationEnd, where_no_step_improves) {
  for (const int restart : {0, 2}) {
    Optimization state;
    state.start = {-1.2, 1.5};
    Valley uphill{-1};
    const auto found = run(state, uphill, {5, restart, 1e-9});
    EXPECT_FALSE(found.converged);
    EXPECT_EQ(found.reason, "no step improves the value");
    EXPECT_EQ(found.history.size(), 1U);
    EXPECT_EQ(found.x, state.start);
  }
}

TEST(OptimizationFile, of_another_schema_is_refused) {
  const h5::ScratchFolder folder;
  const auto path = folder.file("o.h5");
  h5::Writer file(path);
  file.attribute("/", "format", optimization_format);
  file.attribute("/", "schema", optimization_schema + 1);
  file.commit();
  try {
    read_optimization(path);
    FAIL() << "not refused";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("another schema"));
  }
}

} // namespace
} // namespace soapstone::search
