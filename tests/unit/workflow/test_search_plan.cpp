// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/search_plan.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/effective.hpp"
#include "soapstone/cli/model_ini.hpp"
#include "soapstone/cli/option_table.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/planning/search_sharing.hpp"
#include "soapstone/report/search_report.hpp"
#include "soapstone/workflow/search_identity.hpp"

#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace soapstone::workflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

std::string ini; // the configuration file

options::Configuration configure(Words words) {
  words.insert(words.begin(), {"search", "--data.structures", "a.xyz"});
  return cli::parse_invocation(words, [](const std::string&) { return ini; }).configuration;
}

formats::DataSet hydrogens(std::size_t count) {
  formats::DataSet data;
  for (std::size_t i = 0; i < count; ++i) {
    structure::Structure atom;
    atom.species = {1};
    atom.positions = {{static_cast<double>(i), 0, 0}};
    data.structures.push_back(atom);
  }
  data.targets = {std::vector<double>(count, 1.5)};
  return data;
}

SearchPlan plan_of(const Words& words, std::int64_t structures = 20) {
  return plan_search(configure(words), structures);
}

/// A record whose first row has this mean absolute error.
search::Record record(const SearchPlan& plan, std::int64_t rung, std::int64_t point, double mae) {
  search::Record made{{rung, point}, 0, "", {}, {}, 1};
  made.failures.resize(plan.search.rows.size());
  made.values.assign(plan.search.rows.size() * plan.search.columns.size(), 2 * mae);
  made.values[1] = mae;
  return made;
}

void add(SearchPlan& plan, const search::Record& made) {
  plan.search.records[made.task] = made;
}

TEST(SearchPlan, expensive_keys_come_first_and_regularisation_is_no_axis) {
  const auto plan = plan_of({"--kernel.1.weight", "1,2", "--kernel.2.weight", "3", "--kernel.zeta", "1,2",
                             "--regression.regularization", "1e-8,1e-6", "--radial-scaling.scale", "1,2",
                             "--soap.cutoff", "3,4"});
  Words keys;
  for (const auto& axis : plan.grid.axes())
    keys.push_back(axis.key);
  EXPECT_THAT(keys, ElementsAre("soap.cutoff", "radial-scaling.scale", "kernel.zeta", "kernel.1.weight"));
  EXPECT_THAT(plan.search.rows, ElementsAre("1e-08", "1e-06"));
  EXPECT_EQ(plan.points.size(), 16U);
  EXPECT_THAT(plan.search.rungs, ElementsAre(search::Rung{16, 20}));
}

TEST(SearchPlan, configurations_of_points) {
  const auto base = configure({"--soap.cutoff", "3,4", "--regression.regularization", "1e-8,1e-6"});
  const auto plan = plan_search(base, 20);
  const auto point = configuration_of(base, plan, {0, 1}, cli::with_values);
  EXPECT_EQ(point.kernels.front().soap.cutoff, 4);
  EXPECT_THAT(point.regularizations, ElementsAre(1e-8, 1e-6));
}

TEST(SearchPlan, rungs_have_their_structures_and_the_best_points) {
  const Words words{"--soap.cutoff",           "3:6:4", "--search.strategy",         "halving",
                    "--search.halving-factor", "2",     "--search.least-structures", "10",
                    "--validation.folds",      "2"};
  auto plan = plan_of(words, 40);
  EXPECT_THAT(plan.search.rungs, ElementsAre(search::Rung{4, 10}, search::Rung{2, 20}, search::Rung{1, 40}));
  EXPECT_EQ(configuration_of(configure(words), plan, {1, 3}, cli::with_values).data.train, 20);
  add(plan, record(plan, 0, 0, 0.4));
  add(plan, record(plan, 0, 1, 0.1));
  add(plan, {{0, 2}, 4, "not positive definite", {}, {}, 0});
  add(plan, record(plan, 0, 3, 0.2));
  EXPECT_THAT(points_of_rung(plan, 0), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(points_of_rung(plan, 1), ElementsAre(1, 3));
  EXPECT_THAT(points_of_rung(plan, 2), ElementsAre());
  add(plan, record(plan, 1, 1, 0.3));
  add(plan, record(plan, 1, 3, 0.2));
  EXPECT_THAT(points_of_rung(plan, 2), ElementsAre(3));
}

TEST(SearchPlan, what_points_share_that_differ_in_weights) {
  const auto plan = plan_of({"--kernel.1.weight", "1,2,3", "--kernel.2.weight", "3", "--soap.cutoff", "3,4"});
  EXPECT_EQ(planning::what_weights_share(plan.grid, {0, 0}), planning::what_weights_share(plan.grid, {0, 2}));
  EXPECT_NE(planning::what_weights_share(plan.grid, {0, 0}), planning::what_weights_share(plan.grid, {0, 3}));
  EXPECT_NE(planning::what_weights_share(plan.grid, {0, 0}), planning::what_weights_share(plan.grid, {1, 0}));
  EXPECT_EQ(planning::what_weights_share(plan_of({"--soap.cutoff", "3,4"}).grid, {0, 0}), "");
}

/// Returns what the points of a search over this key share.
features::EnvironmentStore::Wanted shared_over(const std::string& key) {
  SearchPlan plan;
  plan.grid = search::Grid({{key, {"1", "2"}}});
  return planning::what_points_share(plan.grid);
}

TEST(SearchPlan, points_share_what_the_stages_before_make) {
  const soap::SoapParameters any;
  soap::for_each_field(
      [](const soap::Field& field, const auto&) {
        const auto shared = shared_over("kernel.2." + options::key_of(field.name));
        EXPECT_EQ(shared.densities, field.stage > soap::Stage::densities) << field.name;
        EXPECT_EQ(shared.neighbours,
                  field.stage == soap::Stage::integrals || field.stage == soap::Stage::densities)
            << field.name;
      },
      any);
}

TEST(SearchPlan, over_a_key_of_unknown_effect_nothing_is_shared) {
  SearchPlan plan;
  plan.grid = search::Grid({{"species.coupling", {"none", "gaussian"}}, {"soap.new-key", {"1", "2"}}});
  EXPECT_FALSE(planning::what_points_share(plan.grid).densities);
  EXPECT_FALSE(planning::what_points_share(plan.grid).neighbours);
}

TEST(SearchPlan, the_effect_of_every_key_that_can_be_searched_is_known) {
  for (const auto& option : cli::option_table())
    if (option.scannable && option.name != "regression.regularization" && option.name != "kernel.N.weight") {
      const auto shared = shared_over(std::string(option.name));
      EXPECT_TRUE(shared.densities || shared.neighbours || option.name == "soap.cutoff") << option.name;
    }
}

TEST(SearchIdentity, is_of_what_results_depend_on) {
  const auto data = hydrogens(5);
  const auto identity_of = [](const Words& words, const formats::DataSet& of) {
    const auto configuration = configure(words);
    return search_identity(report::run_texts(cli::effective_values(configuration)), configuration.kernels,
                           of);
  };
  const auto identity = [&](const Words& words) { return identity_of(words, data); };
  const auto plain = identity({"--soap.cutoff", "3,4"});
  EXPECT_EQ(identity({"--soap.cutoff", "3,4", "--output", "b.csv", "--search.groups", "2",
                      "--parallel.block-size", "8", "--quiet", "--checkpoint", "c.h5", "--soap.n-max", "12"}),
            plain);
  EXPECT_NE(identity({"--soap.cutoff", "3,5"}), plain);
  EXPECT_NE(identity({"--soap.cutoff", "3,4", "--soap.n-max", "11"}), plain);
  EXPECT_EQ(identity({"--soap.cutoff", "3,4", "--soap.gaussian-width", "0.30"}), plain);
  for (const int change : {0, 1, 2}) {
    auto other = data;
    if (change == 0)
      other.structures[2].positions[0][1] += 1e-12;
    else if (change == 1)
      other.targets[0][4] += 1e-12;
    else
      other.structures[2].species[0] = 2;
    EXPECT_NE(identity_of({"--soap.cutoff", "3,4"}, other), plain) << change;
  }
}

TEST(SearchReport, every_row_and_every_failure_is_in_the_table) {
  auto plan = plan_of({"--soap.cutoff", "3,4,5", "--regression.regularization", "1e-8,1e-6"});
  add(plan, record(plan, 0, 1, 0.001));
  add(plan, {{0, 2}, 4, "a \"bad\" one,\nreally", {}, {}, 0});
  const auto csv = report::search_csv(plan.search);
  EXPECT_THAT(
      csv, testing::StartsWith("rung,structures,point,soap.cutoff,regression.regularization,lambda,mae,rmse,"
                               "max_error,mae_per_structure,mae_fold_std,backward_error,error\n"
                               "1,20,1,4,1e-08,0.002,0.001,0.002,0.002,0.002,0.002,0.002,\n"));
  EXPECT_THAT(csv, HasSubstr("1,20,2,5,1e-06,,,,,,,,\"a \"\"bad\"\" one,\nreally\"\n"));
  const auto json = report::search_json(plan.search);
  EXPECT_EQ(json["table"].size(), 4U);
  EXPECT_EQ(json["best"]["keys"]["soap.cutoff"], 4.0);
  EXPECT_EQ(json["best"]["keys"]["regression.regularization"], 1e-8);
  EXPECT_EQ(json["best"]["mae"], 0.001);
  EXPECT_TRUE(json["table"][2]["mae"].is_null());
  EXPECT_THAT(report::search_table(plan.search), HasSubstr("a \"bad\" one,\n"));
  EXPECT_THAT(report::describe_search(plan.search), HasSubstr("2 of 3 points, 1 of them failed"));
}

TEST(SearchReport, nothing_is_the_best_when_nothing_worked) {
  auto plan = plan_of({"--soap.cutoff", "3,4"});
  add(plan, {{0, 0}, 4, "no", {}, {}, 0});
  EXPECT_TRUE(report::search_json(plan.search)["best"].is_null());
}

// What train makes of the file is the point, and nothing of how the search ran.
TEST(SearchReport, train_takes_the_best_as_a_file) {
  const Words words{"--soap.cutoff",
                    "3,4",
                    "--regression.regularization",
                    "1e-8,1e-6",
                    "--kernel.2.weight",
                    "1:100:log3",
                    "--kernel.1.weight",
                    "5",
                    "--kernel.1.radial-scaling.exponent",
                    "4",
                    "--output",
                    "t.csv",
                    "--search.groups",
                    "1",
                    "--data.structures",
                    "odd #name.xyz",
                    "--search.strategy",
                    "halving",
                    "--search.halving-factor",
                    "2",
                    "--search.least-structures",
                    "5"};
  auto plan = plan_of(words, 40);
  add(plan, record(plan, 0, 4, 0.001));
  auto best = record(plan, 0, 5, 0.1);
  best.values[plan.search.columns.size() + 1] = 0.0001;
  add(plan, best);
  const auto& found = *search::best_record(plan.search);
  ini = cli::model_ini(report::best_heading(plan.search, found),
                       report::best_keys(configure(words), plan, found, cli::with_values));
  const auto train = cli::parse_invocation({"train", "--config", "best.ini"}, [](const std::string&) {
                       return ini;
                     }).configuration;
  EXPECT_THAT(train.idle_keys, testing::IsEmpty()) << "a file of ours is no reason for warnings";
  EXPECT_EQ(train.kernels.at(0).soap.cutoff, 4);
  EXPECT_EQ(train.kernels.at(0).soap.scaling.exponent, 4);
  EXPECT_EQ(train.kernels.at(0).weight, 5);
  EXPECT_EQ(train.kernels.at(1).weight, 100);
  EXPECT_EQ(train.regularization, 1e-6);
  EXPECT_EQ(train.data.source.paths, (Words{"a.xyz", "odd #name.xyz"}));
  EXPECT_FALSE(train.data.train);
  EXPECT_EQ(train.output.output, "");
}

} // namespace
} // namespace soapstone::workflow
