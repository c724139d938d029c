// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/output_names.hpp"

#include <gtest/gtest.h>

namespace soapstone::app {
namespace {

SearchOptions checkpoint(const std::string& file) {
  SearchOptions options;
  options.checkpoint = file;
  return options;
}

std::vector<KernelOptions> numbered(int first, int second) {
  std::vector<KernelOptions> kernels(2);
  kernels[0].number = first;
  kernels[1].number = second;
  return kernels;
}

TEST(OutputNames, of_a_search) {
  EXPECT_EQ(search_checkpoint_file({}, "search.csv"), "search.checkpoint.h5");
  EXPECT_EQ(search_best_file("search.csv"), "search.best.ini");
  EXPECT_EQ(search_checkpoint_file(checkpoint("y.h5"), "x/qm9.csv"), "y.h5");
  EXPECT_EQ(search_best_file("x/qm9.csv"), "x/qm9.best.ini");
  EXPECT_EQ(search_best_file("x/qm9.table"), "x/qm9.table.best.ini");
}

TEST(OutputNames, of_an_evaluation) {
  EXPECT_EQ(weights_ini_file(""), "evaluate.best.ini");
  EXPECT_EQ(weights_ini_file("x/cv.csv"), "x/cv.best.ini");
}

TEST(OutputNames, of_an_optimisation) {
  const std::vector<KernelOptions> one(1);
  EXPECT_EQ(coupling_file("o.txt", one, 0), "o.txt");
  EXPECT_EQ(coupling_file("o.txt", numbered(2, 5), 0), "o.2.txt");
  EXPECT_EQ(coupling_file("o.txt", numbered(2, 5), 1), "o.5.txt");
  EXPECT_EQ(coupling_file("a.b/c", numbered(1, 2), 1), "a.b/c.2");
  EXPECT_EQ(optimum_file("o.txt"), "o.ini");
  EXPECT_EQ(optimum_file("a.b/c"), "a.b/c.ini");
  EXPECT_EQ(optimize_checkpoint_file({}, "o.txt"), "o.checkpoint.h5");
  EXPECT_EQ(optimize_checkpoint_file(checkpoint("c.h5"), "o.txt"), "c.h5");
}

} // namespace
} // namespace soapstone::app
