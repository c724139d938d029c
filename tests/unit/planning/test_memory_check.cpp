// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/memory_check.hpp"

#include "soapstone/base/error.hpp"

#include <gmock/gmock.h>

namespace soapstone::planning {
namespace {

using linalg::GridShape;
using structure::Structure;

constexpr std::int64_t gib = std::int64_t{1} << 30;

/// Radial spectra of single atoms: 4 numbers each.
kernel::KernelSpec small_spec() {
  kernel::KernelSpec spec;
  spec.soap.n_max = 4;
  spec.soap.body_order = 2;
  spec.elements = {1};
  return spec;
}

std::vector<Structure> atoms(std::size_t count) {
  Structure atom;
  atom.species = {1};
  atom.positions = {{0, 0, 0}};
  return {count, atom};
}

Machine machine(int ranks, std::int64_t memory) {
  Machine machine;
  machine.ranks = ranks;
  machine.grid = linalg::choose_grid(ranks);
  machine.memory_per_rank = memory;
  return machine;
}

NeedOn dense_need(const FeatureSizes& sizes) {
  return [&sizes](const Machine& on) { return kernel_need(sizes, nullptr, 192, on.grid); };
}

std::string refusal(const NeedOn& need, const Machine& on) {
  try {
    check_memory(need, on);
    return "";
  } catch (const ResourceError& error) {
    return error.what();
  }
}

TEST(MemoryCheck, a_dense_kernel_of_100000_needs_five_ranks) {
  const FeatureSizes sizes({small_spec()}, atoms(100000));
  const auto need = dense_need(sizes);
  for (const int ranks : {1, 2, 3, 4}) {
    const auto text = refusal(need, machine(ranks, 1000 * gib));
    EXPECT_THAT(text, testing::HasSubstr("2^31")) << ranks;
    EXPECT_THAT(text, testing::HasSubstr("at least 5 ranks")) << ranks;
  }
  EXPECT_EQ(refusal(need, machine(5, 1000 * gib)), "");
  EXPECT_EQ(refusal(need, machine(8, 1000 * gib)), "");
}

TEST(MemoryCheck, too_little_memory_is_refused_with_the_ranks_that_would_do) {
  const FeatureSizes sizes({small_spec()}, atoms(20000)); // 3 GiB of kernel
  const auto need = dense_need(sizes);
  EXPECT_EQ(refusal(need, machine(1, 4 * gib)), "");
  const auto text = refusal(need, machine(1, gib));
  EXPECT_THAT(text, testing::HasSubstr("It needs at least 4 ranks with 1.0 GiB each"));
  EXPECT_EQ(refusal(need, machine(4, gib)), "");
  EXPECT_THAT(refusal(need, machine(3, gib)), testing::HasSubstr("at least 4 ranks"));
  EXPECT_THAT(refusal(need, machine(1, 0)), testing::HasSubstr("More ranks do not help"));
}

TEST(MemoryCheck, nodes_share_their_memory_among_their_ranks) {
  Machine node;
  node.node_memory = 12 * gib;
  node.program = gib;
  node.most_per_node = 4;
  const auto six = node.with_ranks(6);
  EXPECT_EQ(six.ranks, 6);
  EXPECT_EQ(six.grid, (GridShape{2, 3}));
  EXPECT_EQ(six.ranks_per_node, 4);
  EXPECT_EQ(six.memory_per_rank, 2 * gib);
  EXPECT_EQ(node.with_ranks(1).memory_per_rank, 11 * gib);
  EXPECT_EQ(machine(3, gib).with_ranks(5).memory_per_rank, gib);
}

TEST(MemoryCheck, stages_add_up) {
  MemoryNeed need;
  need.features = 100;
  need.matrix = 1000;
  need.gathered = 80;
  need.feature_work = 7;
  need.assembly_work = 20;
  need.solve_work = 3;
  need.predict_work = 5000;
  EXPECT_EQ(need.computing_features(), 107);
  EXPECT_EQ(need.assembling(50), 1170);
  EXPECT_EQ(need.assembling(500), 1200);
  EXPECT_EQ(need.solving(), 1103);
  EXPECT_EQ(need.predicting(), 5100);
  EXPECT_EQ(need.least(), 5100);
  need.predict_work = 0;
  EXPECT_EQ(need.least(), 1130); // a few passes over the rows are fine
}

TEST(MemoryCheck, features_that_do_not_fit_are_kept_in_part) {
  MemoryNeed need;
  need.features = 10 * gib;
  need.matrix = gib;
  need.solve_work = need.predict_work = gib / 4;
  need.again_work = gib / 8;
  EXPECT_EQ(need.within(12 * gib).features, 10 * gib);
  EXPECT_FALSE(need.within(12 * gib).recomputes);
  EXPECT_TRUE(need.fits(machine(1, 4 * gib)));
  const auto partly = need.within(4 * gib);
  EXPECT_TRUE(partly.recomputes);
  EXPECT_GT(partly.features, gib);
  EXPECT_LT(partly.features, 3 * gib);
  EXPECT_GE(partly.gathered, need.features); // my own rows are held for a pass too
  const auto budget = memory_budget(need, machine(1, 4 * gib));
  EXPECT_EQ(budget.features, partly.features);
  EXPECT_LE(partly.assembling(budget.rows), 4 * gib);
  EXPECT_FALSE(need.fits(machine(1, gib)));
  need.again_work = 0; // of a command that must keep them
  EXPECT_FALSE(need.fits(machine(1, 4 * gib)));
}

} // namespace
} // namespace soapstone::planning
