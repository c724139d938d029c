// SPDX-License-Identifier: BSD-3-Clause
// What algorithms say that they need, against what they take: an array that a need does not count is found
// here.
#include "needs.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/apply.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/kernel/primal_sum.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/regression/committee.hpp"
#include "soapstone/regression/weights.hpp"

#include <filesystem>

namespace soapstone {
namespace {

using namespace testing;

struct Gram {
  static constexpr std::int64_t n = 1500, block = 64;
  linalg::ProcessGrid grid = whole_grid();
  std::vector<structure::Structure> structures = structures_of(n);
  kernel::FeatureStore store{grid, structures, block, [](auto some) { return rows_of(some); }};
  kernel::PrimalTerms terms{{&store, 2, {{width}}}};
  kernel::SumColumns columns = kernel::SumColumns::all(terms);
  linalg::DistributedMatrix gram{grid, columns.count(), columns.count(), block};

  std::int64_t need() const { return kernel::gram_memory(n, block, columns.count(), grid.shape()); }
};

TEST(Needs, OfTheGramMatrix) {
  Gram gram;
  const AllocationMeter meter;
  kernel::accumulate_gram(gram.terms, gram.columns, gram.gram);
  expect_counted("Gram matrix", meter, gram.need());
}

TEST(Needs, AnArrayThatIsNotCountedIsFound) {
  Gram gram;
  const auto peak_with = [&](std::int64_t bytes) {
    const AllocationMeter meter;
    const std::vector<double> planted(static_cast<std::size_t>(bytes / number));
    kernel::accumulate_gram(gram.terms, gram.columns, gram.gram);
    return parallel::all_reduce(gram.grid.all(), meter.peak(), MPI_MAX);
  };
  const auto limit = gram.need() + unplanned, free = std::max<std::int64_t>(0, limit - peak_with(0));
  EXPECT_LE(free, std::int64_t{10} << 20); // so small an array is found
  EXPECT_GT(peak_with(free + (std::int64_t{1} << 20)), limit);
}

TEST(Needs, OfAnAssembly) {
  constexpr std::int64_t n = 1536, block = 192, columns = 400;
  const auto grid = whole_grid();
  const auto structures = structures_of(n);
  const kernel::FeatureStore store(grid, structures, block, [](auto some) { return rows_of(some, columns); });
  linalg::DistributedMatrix matrix(grid, n, n, block);
  const AllocationMeter meter;
  kernel::assemble_kernel(matrix, store, store, {});
  const bool alone = grid.shape().rows * grid.shape().cols == 1;
  const auto gathered = alone ? 0 : block_bytes(n, columns) / grid.shape().rows;
  const auto block_of = block_bytes(block, columns);
  expect_counted("assembly", meter, gathered + kernel::assembly_memory(block_of, block_of, grid.shape()),
                 0.2);
}

TEST(Needs, OfPredictions) {
  constexpr std::int64_t n = 16384, block = 64, k = 64;
  const auto grid = whole_grid();
  const auto training = structures_of(n), fresh = structures_of(512);
  const kernel::FeatureStore store(grid, training, block, [](auto some) { return rows_of(some); });
  const std::vector<double> coefficients(static_cast<std::size_t>(n * k), 1e-3);
  kernel::ApplyOptions options;
  options.targets = k;
  const AllocationMeter meter;
  kernel::apply_kernel(
      store, fresh, [](auto some) { return rows_of(some); }, coefficients, options);
  const auto batch = block_bytes(std::min<std::int64_t>(512, options.batches.structures));
  expect_counted("predictions", meter, kernel::apply_memory(options.batches, batch, 0, k, n / block), 0.3);
}

struct Validation {
  static constexpr std::int64_t n = 1200, block = 64, targets = 4;
  linalg::ProcessGrid grid = whole_grid();
  std::vector<structure::Structure> structures = structures_of(n);
  regression::Folds folds = regression::draw_folds(n, 10, 1);
  std::vector<std::vector<double>> energies{targets, std::vector<double>(static_cast<std::size_t>(n))};
  std::int64_t matrix_bytes = linalg::local_bytes(n, n, block, grid.shape());

  Validation() {
    CounterRandom random(2);
    for (auto& values : energies)
      for (auto& value : values)
        value = random.normal();
  }
  regression::ValidationProblem problem() const {
    return {structures, energies, folds,
            [](auto some, auto values, std::size_t) { return regression::Baseline::fit_mean(some, values); },
            [](std::int64_t i) { return std::to_string(i); }};
  }
  /// What every need of matrices of this size has: room for PBLAS.
  std::int64_t panels() const { return linalg::panel_memory(n, n, grid.shape()); }
};

TEST(Needs, OfACrossValidation) {
  const Validation all;
  for (const auto method : {regression::ValidationMethod::inverse, regression::ValidationMethod::eigen}) {
    auto matrix = kernel_on(all.grid, all.n, all.block);
    const AllocationMeter meter;
    regression::cross_validate(std::move(matrix), all.problem(), {1e-3, 1e-2}, method);
    const regression::ValidationSize size{all.n, all.folds.count(), 2, all.targets};
    expect_counted(regression::to_string(method).c_str(), meter,
                   regression::validation_matrices(method, size) * all.matrix_bytes +
                       regression::validation_memory(size, all.folds.size(0), all.grid.shape()) +
                       all.panels());
  }
}

TEST(Needs, OfWeights) {
  const Validation all;
  std::vector<linalg::DistributedMatrix> kernels;
  for (int k = 0; k < 2; ++k)
    kernels.push_back(kernel_on(all.grid, all.n, all.block));
  const auto problem = all.problem();
  const regression::ValidationSize size{all.n, all.folds.count(), 1, all.targets};
  const AllocationMeter meter;
  const regression::ValidationObjective objective(kernels, problem);
  objective({0.5, 0.5}, 1e-3);
  expect_counted("weights", meter,
                 all.matrix_bytes + regression::weights_memory(size, all.grid.shape()) +
                     regression::validation_memory(size, all.folds.size(0), all.grid.shape()) + all.panels());
}

TEST(Needs, OfACommittee) {
  constexpr std::int64_t n = 1200, block = 64, targets = 2;
  const auto grid = whole_grid();
  regression::KernelRidge problem(kernel_on(grid, n, block), 1e-3,
                                  [](std::int64_t i) { return std::to_string(i); });
  problem.factorize();
  const std::vector<double> y(static_cast<std::size_t>(n * targets), 1);
  const auto fit = problem.solve(y, targets);
  const AllocationMeter meter;
  regression::train_committee(std::move(problem), fit.coefficients, y, targets);
  expect_counted("committee", meter,
                 regression::committee_memory(n, targets, block, grid.shape()) +
                     linalg::panel_memory(n, n, grid.shape()));
}

TEST(Needs, OfAFileThatAllRanksWrite) {
  const auto world = parallel::Communicator::world();
  constexpr std::uint64_t rows = 4096, cols = 4096;
  const auto path = std::filesystem::temp_directory_path() / "soapstone_needs.h5";
  const auto ranks = static_cast<std::uint64_t>(world.size()), mine = (rows + ranks - 1) / ranks;
  const auto first = std::min(rows, mine * static_cast<std::uint64_t>(world.rank()));
  const auto count = std::min(mine, rows - first);
  const std::vector<double> values(count * cols, 1.0);
  const AllocationMeter meter;
  h5::ParallelWriter file(world, path.string());
  file.write("/values", {first, std::max<std::uint64_t>(1, count), rows, rows}, {0, cols, cols, cols},
             values);
  expect_counted("file of all ranks", meter,
                 h5::parallel_write_memory(static_cast<std::int64_t>(rows * cols)));
}

} // namespace
} // namespace soapstone
