// SPDX-License-Identifier: BSD-3-Clause
// What an optimisation leaves: its configuration, read again, is that of the optimum.
#include "soapstone/report/optimize_report.hpp"

#include "configure.hpp"
#include "soapstone/cli/model_ini.hpp"
#include "soapstone/soap/coupling_file.hpp"

#include <gmock/gmock.h>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace soapstone::report {
namespace {

using search::Hyperparameters;
using search::OptimizationResult;
using search::Variables;
using testing::ElementsAre;
using testing::HasSubstr;
using P = search::Hyperparameter;

const std::set<P> numbers{P::scale, P::exponent, P::rate, P::central_weight, P::width, P::regularization};
const OptimizationResult result{{}, {4, 3, 2.5}, 2.5,
                                7,  false,       "the maximum number of iterations is reached"};

options::Configuration optimize(Words words) {
  const Words start{"optimize", "--data.structures", "a.xyz", "--output", "o.txt"};
  words.insert(words.begin(), start.begin(), start.end());
  return configure(words);
}

/// Another value of everything for each kernel.
Hyperparameters optimum(const options::Configuration& configuration) {
  Hyperparameters best{{}, 1.0 / 3e5};
  double value = 1;
  for (const auto& options : configuration.kernels) {
    kernel::KernelSpec spec;
    spec.soap = options.soap;
    for (double* number : {&spec.soap.scaling.scale, &spec.soap.scaling.exponent, &spec.soap.scaling.rate,
                           &spec.soap.central_weight, &spec.soap.gaussian_width, &spec.weight})
      *number = 1 / (value += 1);
    spec.coupling =
        std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{{1, 8}, {value, -1, 0, 1}});
    best.kernels.push_back(spec);
  }
  return best;
}

/// The configuration of `train` with the file that was written.
options::Configuration trained(const options::Configuration& configuration, const Variables& variables,
                               const Hyperparameters& best) {
  files["o.ini"] =
      cli::model_ini(optimum_heading(result), optimum_keys(configuration, variables, best, "o.txt"));
  return configure({"train", "--config", "o.ini", "--output", "m.h5"});
}

void expect_optimum(const Words& words, std::set<P> chosen, const Words& couplings) {
  const auto start = optimize(words);
  const auto best = optimum(start);
  const auto found = trained(start, Variables(best, std::move(chosen)), best);
  EXPECT_THAT(found.idle_keys, testing::IsEmpty()) << files["o.ini"];
  EXPECT_EQ(found.regularization, best.regularization);
  ASSERT_EQ(found.kernels.size(), best.kernels.size()) << files["o.ini"];
  for (std::size_t k = 0; k < best.kernels.size(); ++k) {
    const auto &options = found.kernels[k], &before = start.kernels[k];
    const auto& soap = best.kernels[k].soap;
    EXPECT_EQ(options.soap.scaling.scale, soap.scaling.scale);
    EXPECT_EQ(options.soap.scaling.exponent, soap.scaling.exponent);
    EXPECT_EQ(options.soap.scaling.rate, soap.scaling.rate);
    EXPECT_EQ(options.soap.central_weight, soap.central_weight);
    EXPECT_EQ(options.soap.gaussian_width, soap.gaussian_width);
    EXPECT_EQ(options.weight, best.kernels.size() > 1 ? best.kernels[k].weight : before.weight);
    EXPECT_EQ(options.soap.cutoff, before.soap.cutoff);
    EXPECT_EQ(options.zeta, before.zeta);
    EXPECT_EQ(options.species.coupling_file, couplings[k]);
  }
}

std::set<P> with(std::set<P> some, std::initializer_list<P> more) {
  some.insert(more);
  return some;
}

TEST(OptimumIni, of_one_kernel) {
  expect_optimum({"--soap.cutoff", "3"}, numbers, {""});
  expect_optimum(
      {"--radial-scaling.scale", "7", "--species.coupling", "start.txt", "--species.channels", "2"},
      with(numbers, {P::coupling}), {"o.txt"});
}

/// The kernel's own keys count more than those of all kernels.
TEST(OptimumIni, of_one_kernel_with_a_number) {
  expect_optimum({"--kernel.2.radial-scaling.scale", "7", "--kernel.2.species.coupling", "start.txt"},
                 with(numbers, {P::coupling}), {"o.txt"});
}

TEST(OptimumIni, of_several_kernels) {
  expect_optimum({"--radial-scaling.scale", "7", "--kernel.1.soap.cutoff", "3", "--kernel.2.zeta", "1",
                  "--kernel.2.radial-scaling.rate", "2", "--species.coupling", "start.txt"},
                 with(numbers, {P::coupling, P::weights}), {"o.1.txt", "o.2.txt"});
}

TEST(OptimumIni, of_kernels_whose_numbers_have_gaps) {
  expect_optimum({"--kernel.2.soap.cutoff", "3", "--kernel.5.zeta", "1", "--kernel.5.weight", "3"},
                 with(numbers, {P::coupling, P::weights}), {"o.2.txt", "o.5.txt"});
}

/// Not even one that was given.
TEST(OptimumIni, has_no_key_without_effect) {
  for (const auto& words :
       {Words{"--soap.body-order", "2", "--soap.l-max", "4", "--species.channels", "2"},
        Words{"--kernel.1.soap.contraction", "5", "--kernel.2.soap.contraction-sample", "7"}}) {
    const auto start = optimize(words);
    const auto best = optimum(start);
    EXPECT_THAT(trained(start, Variables(best, {P::width}), best).idle_keys, testing::IsEmpty())
        << files["o.ini"];
  }
}

TEST(OptimumIni, keeps_a_kernel_all_of_whose_keys_are_without_effect) {
  const auto start = optimize({"--kernel.1.zeta", "1", "--kernel.2.soap.contraction-sample", "7",
                               "--kernel.2.soap.contraction-method", "pca"});
  const auto best = optimum(start);
  EXPECT_EQ(trained(start, Variables(best, {P::regularization}), best).kernels.size(), 2U);
}

TEST(OptimumIni, leaves_what_was_not_optimised) {
  const auto start = optimize({"--radial-scaling.scale", "7", "--species.coupling", "start.txt"});
  const auto best = optimum(start);
  const auto found = trained(start, Variables(best, {P::width}), best);
  EXPECT_EQ(found.kernels[0].soap.gaussian_width, best.kernels[0].soap.gaussian_width);
  EXPECT_EQ(found.kernels[0].soap.scaling.scale, 7);
  EXPECT_EQ(found.kernels[0].species.coupling_file, "start.txt");
  EXPECT_EQ(found.regularization, start.regularization);
}

TEST(OptimizationReport, names_what_was_optimised_by_its_keys) {
  const auto start = optimize({"--kernel.2.zeta", "1", "--kernel.5.zeta", "2"});
  const auto best = optimum(start);
  const auto json =
      optimization_json(start, Variables(best, {P::scale, P::weights, P::regularization}), best, result);
  const Json expected{{"kernel.2.radial-scaling.scale", best.kernels[0].soap.scaling.scale},
                      {"kernel.2.weight", best.kernels[0].weight},
                      {"kernel.5.radial-scaling.scale", best.kernels[1].soap.scaling.scale},
                      {"kernel.5.weight", best.kernels[1].weight},
                      {"regression.regularization", best.regularization}};
  EXPECT_EQ(json["parameters"], expected);
  EXPECT_EQ(json["objective"], (std::vector<double>{4, 3, 2.5}));
  EXPECT_EQ(json["iterations"], 2);
  EXPECT_EQ(json["evaluations"], 7);
  EXPECT_EQ(json["couplings"].size(), 2U);
}

TEST(OptimumCoupling, is_read_as_it_was) {
  const auto best = optimum(optimize({}));
  const auto text = optimum_coupling(best.kernels[0], result);
  EXPECT_EQ(soap::parse_coupling(text, "o.txt").u, best.kernels[0].coupling->u);
  EXPECT_THAT(text, HasSubstr("2.5 eV² after 2 iterations"));
}

TEST(DescribeOptimization, tells_the_least_objective_of_all_cycles) {
  search::Optimization state;
  state.start = {1, 2};
  EXPECT_THAT(describe_optimization(state), HasSubstr("0 evaluations of 2 variables"));
  EXPECT_THAT(describe_optimization(state), testing::Not(HasSubstr("at best")));
  state.evaluations = {{{1, 2}, 3, {}}, {{1, 3}, 4, {}}};
  EXPECT_THAT(describe_optimization(state), HasSubstr("objective 3 eV² at the start, at best 3\n"));
  state.finished_evaluations = 5;
  state.history = {9, 3.5, 2};
  state.status = "stopped";
  state.owner = "process 1";
  EXPECT_THAT(describe_optimization(state), HasSubstr("optimisation, stopped (process 1): 7 evaluations"));
  EXPECT_THAT(describe_optimization(state), HasSubstr("objective 9 eV² at the start, at best 2\n"));
  state.evaluations.push_back({{1, 4}, 1.5, {}});
  EXPECT_THAT(describe_optimization(state), HasSubstr("at best 1.5\n"));
}

} // namespace
} // namespace soapstone::report
