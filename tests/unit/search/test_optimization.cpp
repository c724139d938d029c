// SPDX-License-Identifier: BSD-3-Clause
// Tests runs of L-BFGS in cycles, whole and interrupted, on a function that has no value in some places.
#include "soapstone/search/optimization.hpp"

#include "scratch_folder.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/minimize.hpp"
#include "soapstone/search/checkpoint.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gmock/gmock.h>
#include <limits>
#include <stdexcept>

namespace soapstone::search {
namespace {

using h5::ScratchFolder;
using parallel::AgreedError;
using testing::Each;
using testing::HasSubstr;

constexpr double bound = 1.3; // of x1: the first step goes beyond it

/// 1 + Rosenbrock's function, 1 at (1, 1).
double value_of(const std::vector<double>& x) {
  return 1 + 100 * std::pow(x[1] - x[0] * x[0], 2) + std::pow(1 - x[0], 2);
}

/// The function with its gradient. It records the points at which it was computed.
struct Objective {
  std::vector<std::vector<double>> points;
  Evaluation operator()(const std::vector<double>& x) {
    points.push_back(x);
    if (std::abs(x[1]) > bound)
      throw AgreedError(ExitCode::numerical, "x1 is out of bounds", 0);
    const double a = x[1] - x[0] * x[0];
    return {x, value_of(x), {-400 * x[0] * a - 2 * (1 - x[0]), 200 * a}};
  }
};

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

Optimization state_at(std::vector<double> start) {
  Optimization state;
  state.identity = {{"what", "Rosenbrock"}};
  state.start = std::move(start);
  return state;
}

const std::vector<double> far{-1.2, 1.0};

void nothing(const std::vector<double>&) {}

OptimizationResult run(Optimization& state, Objective& objective, const OptimizationOptions& options) {
  return run_optimization(state, std::ref(objective), options, nothing);
}

void expect_same(const OptimizationResult& found, const OptimizationResult& expected) {
  EXPECT_EQ(found.x, expected.x);
  EXPECT_EQ(found.history, expected.history);
  EXPECT_EQ(found.objective, expected.objective);
  EXPECT_EQ(found.evaluations, expected.evaluations);
  EXPECT_EQ(found.converged, expected.converged);
  EXPECT_EQ(found.reason, expected.reason);
}

TEST(Optimization, ends_in_the_minimum_and_tells_every_iteration) {
  for (const int restart : {0, 7}) {
    auto state = state_at(far);
    Objective objective;
    const auto result = run(state, objective, {300, restart, 1e-5});
    EXPECT_TRUE(result.converged) << result.reason;
    EXPECT_NEAR(result.x[0], 1, 1e-3);
    EXPECT_NEAR(result.x[1], 1, 1e-3);
    EXPECT_EQ(result.objective, std::exp(std::log(value_of(result.x))));
    EXPECT_EQ(result.history.front(), value_of(far));
    EXPECT_TRUE(std::is_sorted(result.history.rbegin(), result.history.rend()));
    EXPECT_EQ(result.evaluations, static_cast<std::int64_t>(objective.points.size()));
    EXPECT_EQ(state.cycles,
              restart == 0 ? 0 : static_cast<std::int64_t>(result.history.size() - 2) / restart);
  }
}

TEST(Optimization, makes_as_many_iterations_as_are_wanted_in_all_cycles) {
  for (const int restart : {0, 1, 3, 4, 9})
    for (const int iterations : {1, 3, 4, 8}) {
      auto state = state_at(far);
      Objective objective;
      const auto result = run(state, objective, {iterations, restart, 1e-8});
      EXPECT_EQ(result.history.size(), static_cast<std::size_t>(iterations + 1)) << "cycles of " << restart;
      EXPECT_FALSE(result.converged);
      EXPECT_EQ(result.reason, "the maximum number of iterations is reached");
    }
}

TEST(Optimization, is_that_of_the_logarithm) {
  auto state = state_at(far);
  Objective objective;
  const auto found = run(state, objective, {12, 0, 1e-8});
  const auto expected = regression::minimize(far,
                                             [&](const std::vector<double>& x, std::vector<double>& slope) {
                                               if (std::abs(x[1]) > bound)
                                                 return std::numeric_limits<double>::infinity();
                                               const auto at = objective(x);
                                               for (std::size_t i = 0; i < x.size(); ++i)
                                                 slope[i] = at.gradient[i] / at.objective;
                                               return std::log(at.objective);
                                             },
                                             {12, 1e-8});
  EXPECT_EQ(found.x, expected.x);
  EXPECT_EQ(found.objective, std::exp(expected.value));
}

/// L-BFGS has no history at the start of a cycle, so that its first step goes along the gradient.
TEST(Optimization, starts_afresh_in_every_cycle) {
  auto state = state_at(far);
  Objective objective;
  run(state, objective, {4, 4, 1e-8});
  const auto before = objective.points.size();
  run(state, objective, {5, 4, 1e-8});
  ASSERT_EQ(state.cycles, 1);
  ASSERT_GT(objective.points.size(), before + 1);
  const auto from = objective.points[before], to = objective.points[before + 1];
  const auto slope = objective(from).gradient;
  EXPECT_NEAR((to[0] - from[0]) * slope[1] - (to[1] - from[1]) * slope[0], 0,
              1e-12 * std::hypot(slope[0], slope[1]));
}

/// The runs are interrupted after every single evaluation and go on from a file.
TEST(Optimization, that_is_interrupted_anywhere_ends_as_one_that_is_not_and_computes_nothing_twice) {
  for (const int restart : {0, 3}) {
    const OptimizationOptions options{10, restart, 1e-8};
    auto whole = state_at(far);
    Objective computed;
    const auto expected = run(whole, computed, options);
    EXPECT_TRUE(std::any_of(computed.points.begin(), computed.points.end(),
                            [](const auto& x) { return std::abs(x[1]) > bound; }));
    const ScratchFolder folder;
    const auto path = folder.file("o.h5");
    Objective again;
    for (;;) {
      auto state = state_at(far);
      std::vector<std::string> warnings;
      load_optimization(path, state, warnings);
      EXPECT_THAT(warnings, testing::IsEmpty());
      try {
        const auto found = run_optimization(state, std::ref(again), options, [&](const auto&) {
          save_optimization(path, state);
          throw Interrupted();
        });
        expect_same(found, expected);
        break;
      } catch (const Interrupted&) {
        ASSERT_LE(again.points.size(), computed.points.size());
      }
    }
    EXPECT_EQ(again.points, computed.points);
  }
}

TEST(Optimization, goes_on_for_longer_as_if_it_had_been_meant_to) {
  for (const int restart : {0, 3, 4}) {
    auto whole = state_at(far), state = state_at(far);
    Objective at_once, in_parts;
    const auto expected = run(whole, at_once, {12, restart, 1e-8});
    for (const int iterations : {1, 4, 6, 11})
      run(state, in_parts, {iterations, restart, 1e-8});
    expect_same(run(state, in_parts, {12, restart, 1e-8}), expected);
    EXPECT_EQ(in_parts.points, at_once.points);
    run(state, in_parts, {5, restart, 1e-8});                         // there have been more
    expect_same(run(state, in_parts, {12, restart, 1e-8}), expected); // finished: nothing is left to do
    EXPECT_EQ(in_parts.points, at_once.points);
  }
}

TEST(Optimization, tells_the_history_after_every_evaluation) {
  auto state = state_at(far);
  Objective objective;
  std::vector<std::vector<double>> told;
  std::vector<std::size_t> known;
  const auto result = run_optimization(state, std::ref(objective), {9, 4, 1e-8}, [&](const auto& history) {
    told.push_back(history);
    known.push_back(static_cast<std::size_t>(state.finished_evaluations) + state.evaluations.size());
  });
  ASSERT_EQ(told.size(), objective.points.size());
  EXPECT_TRUE(told.front().empty());
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(known[i], i + 1);
    ASSERT_LE(told[i].size(), result.history.size());
    EXPECT_TRUE(std::equal(told[i].begin(), told[i].end(), result.history.begin()));
    EXPECT_GE(told[i].size(), i == 0 ? 0 : told[i - 1].size());
  }
  EXPECT_EQ(told.back().size(), result.history.size() - 1); // what is evaluated ends the last iteration
}

/// A checkpoint may come from a machine that rounds differently. Evaluations at other points, and all after
/// them, are then void.
TEST(Optimization, computes_anew_what_was_evaluated_elsewhere) {
  auto whole = state_at(far);
  Objective objective;
  const auto expected = run(whole, objective, {6, 0, 1e-8});
  auto state = whole;
  ASSERT_GT(state.evaluations.size(), 4U);
  state.evaluations[2].x[0] = std::nextafter(state.evaluations[2].x[0], 9);
  state.evaluations[2].objective /= 2;
  Objective again;
  expect_same(run(state, again, {6, 0, 1e-8}), expected);
  EXPECT_EQ(again.points, std::vector(objective.points.begin() + 2, objective.points.end()));
}

/// The failed evaluation is not kept, so that the command tells the reason again when it is started again.
TEST(Optimization, without_a_value_at_the_start_ends_with_the_reason) {
  auto state = state_at({0, 2 * bound});
  Objective objective;
  for (int run_again = 0; run_again < 2; ++run_again)
    try {
      run(state, objective, {});
      FAIL() << "no exception";
    } catch (const AgreedError& error) {
      EXPECT_EQ(error.code(), ExitCode::numerical);
      EXPECT_THAT(error.what(), HasSubstr("x1 is out of bounds"));
    }
  EXPECT_EQ(objective.points.size(), 2U);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& useless : {Evaluation{far, 0, {1, 1}}, Evaluation{far, -1, {1, 1}},
                              Evaluation{far, nan, {1, 1}}, Evaluation{far, 1, {nan, 1}}}) {
    state = state_at(far);
    EXPECT_THROW(run_optimization(
                     state, [&](const auto&) { return useless; }, {}, nothing),
                 NumericalError);
  }
}

TEST(Optimization, steps_back_from_what_is_not_finite) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  for (const auto& useless : {Evaluation{{}, infinite, {1, 1}}, Evaluation{{}, 1, {1, infinite}},
                              Evaluation{{}, 1, {std::nan(""), 1}}}) {
    auto state = state_at(far), other = state_at(far);
    Objective objective;
    const auto found = run_optimization(
        state,
        [&](const std::vector<double>& x) {
          return std::abs(x[1]) > bound ? Evaluation{x, useless.objective, useless.gradient} : objective(x);
        },
        {10, 0, 1e-8}, nothing);
    expect_same(found, run(other, objective, {10, 0, 1e-8}));
  }
}

/// The next run computes it again. A numerical error that this rank alone knows of must not make the step
/// shorter, since the other ranks would not follow.
TEST(Optimization, does_not_keep_an_evaluation_that_failed_otherwise) {
  auto whole = state_at(far);
  Objective computed;
  const auto expected = run(whole, computed, {6, 0, 1e-8});
  const auto expect_end = [&](const auto& error) {
    auto state = state_at(far);
    Objective objective;
    const auto fails = [&](const std::vector<double>& x) {
      if (objective.points.size() == 3)
        throw error;
      return objective(x);
    };
    EXPECT_THROW(run_optimization(state, fails, {6, 0, 1e-8}, nothing), std::decay_t<decltype(error)>);
    EXPECT_EQ(state.evaluations.size(), 3U);
    expect_same(run(state, objective, {6, 0, 1e-8}), expected);
  };
  expect_end(DataError("a disk is full"));
  expect_end(NumericalError("of this rank alone"));
  expect_end(AgreedError(ExitCode::io, "of another rank", 1));
}

TEST(Optimization, that_starts_in_a_minimum_makes_no_iteration) {
  auto state = state_at({1, 1});
  Objective objective;
  const auto result = run(state, objective, {10, 2, 1e-8});
  EXPECT_TRUE(result.converged);
  EXPECT_EQ(result.history, std::vector{1.0});
  EXPECT_EQ(objective.points.size(), 1U);
}

/// The run ends after its finished cycles and evaluates nothing.
TEST(Optimization, ends_where_no_more_iterations_are_asked_for_than_are_done) {
  for (const int restart : {2, 3}) {
    auto state = state_at(far);
    Objective objective;
    const auto whole = run(state, objective, {9, restart, 1e-9});
    const auto finished = state.history.size(), computed = objective.points.size();
    for (const int iterations : {1, static_cast<int>(finished) - 1}) {
      const auto found = run(state, objective, {iterations, restart, 1e-9});
      EXPECT_THAT(found.history, testing::ElementsAreArray(whole.history.data(), finished));
      EXPECT_EQ(found.x, state.start);
      EXPECT_EQ(found.objective, state.history.back());
      EXPECT_EQ(found.evaluations, whole.evaluations);
      EXPECT_EQ(found.reason, "the maximum number of iterations is reached");
      EXPECT_EQ(objective.points.size(), computed);
    }
  }
}

/// The function decreases towards an edge beyond which it has no value. The line search therefore fails, but
/// finds lower points.
TEST(Optimization, has_the_optimum_at_the_end_of_its_history) {
  for (const int restart : {0, 2}) {
    auto state = state_at({0.3});
    const auto edge = [](const std::vector<double>& x) {
      if (x[0] > 1)
        throw AgreedError(ExitCode::numerical, "beyond the edge", 0);
      return Evaluation{x, 2 - x[0], {-1}};
    };
    const auto found = run_optimization(state, edge, {5, restart, 1e-9}, nothing);
    EXPECT_EQ(found.reason, "no step improves the value");
    EXPECT_GT(found.x[0], 0.5);
    EXPECT_DOUBLE_EQ(found.objective, 2 - found.x[0]);
    EXPECT_GT(found.history.size(), 1U);
    EXPECT_EQ(found.history.back(), found.objective);
  }
}

TEST(Optimization, ends_where_no_step_improves) {
  for (const int restart : {0, 2}) {
    auto state = state_at(far);
    Objective objective;
    const auto uphill = [&](const std::vector<double>& x) {
      auto found = objective(x);
      for (auto& slope : found.gradient)
        slope = -slope;
      return found;
    };
    const auto found = run_optimization(state, uphill, {5, restart, 1e-9}, nothing);
    EXPECT_FALSE(found.converged);
    EXPECT_EQ(found.reason, "no step improves the value");
    EXPECT_EQ(found.history.size(), 1U);
    EXPECT_EQ(found.x, far);
  }
}

} // namespace
} // namespace soapstone::search
