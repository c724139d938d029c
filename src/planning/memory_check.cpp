// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/memory_check.hpp"

#include "number.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/kernel/apply.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/linalg/cholesky.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::planning {

namespace {

constexpr std::int64_t least_row_memory = std::int64_t{1} << 24;
constexpr int most_ranks_tried = 1 << 17;

std::string bytes(std::int64_t count) {
  return format_bytes(static_cast<double>(count));
}

bool indexable(const MemoryNeed& need) {
  return need.matrix / number < std::int64_t{1} << 31;
}

/// The least number of ranks on which the run fits; 0 if none is found. Above 64 in steps of 1.5 %.
int least_ranks(const NeedOn& need, const Machine& machine) {
  for (int ranks = 1; ranks <= most_ranks_tried; ranks += 1 + ranks / 64) {
    const auto other = machine.with_ranks(ranks);
    if (need(other).fits(other))
      return ranks;
  }
  return 0;
}

std::string remedy(const NeedOn& need, const Machine& machine) {
  const int ranks = least_ranks(need, machine);
  if (ranks == 0)
    return "More ranks do not help: use fewer structures, or smaller `n_max` and `l_max`";
  const auto enough = machine.with_ranks(ranks);
  const int per_node = enough.ranks_per_node, nodes = (ranks + per_node - 1) / per_node;
  return format("It needs at least %d ranks with %s each (grid %dx%d; %s of up to %s), or fewer structures, "
                "or fewer features (`n_max`, `l_max`, `contraction`)",
                ranks, bytes(enough.memory_per_rank).c_str(), enough.grid.rows, enough.grid.cols,
                format_count(nodes, "node").c_str(), format_count(per_node, "rank").c_str());
}

} // namespace

std::int64_t MemoryNeed::assembling(std::int64_t row_memory) const {
  return features + matrix + assembly_work + std::min(gathered, row_memory);
}

std::int64_t MemoryNeed::least() const {
  const auto rows = recomputes ? std::max(again_work, least_row_memory) : gathered / 8;
  return std::max({computing_features(), assembling(rows), solving(), predicting()});
}

MemoryNeed MemoryNeed::within(std::int64_t memory) const {
  if (again_work == 0 || least() <= memory)
    return *this;
  auto need = *this;
  need.recomputes = true;
  need.gathered = std::max(gathered, features); // rows that are not kept are held for a pass, my own ones too
  need.features = 0;
  need.feature_work = std::max(feature_work, again_work);
  need.assembly_work += again_work;
  need.solve_work += again_work;
  need.predict_work += again_work;
  // What is left goes half to features that are kept, half to rows, of which more save passes.
  need.features = std::clamp<std::int64_t>((memory - need.least()) / 2, 0, features);
  return need;
}

bool MemoryNeed::fits(const Machine& machine) const {
  return indexable(*this) && within(machine.memory_per_rank).least() <= machine.memory_per_rank;
}

std::int64_t block_again(const FeatureSizes& sizes, std::int64_t block) {
  const auto blocks = sizes.blocks_of(block);
  return kernel::block_again_memory(sizes.largest_run(blocks), sizes.work(blocks));
}

MemoryNeed kernel_need(const FeatureSizes& rows, const FeatureSizes* cols, std::int64_t block,
                       linalg::GridShape grid) {
  const auto m = rows.structures(), n = cols == nullptr ? m : cols->structures();
  MemoryNeed need;
  need.matrix = linalg::local_bytes(m, n, block, grid);
  need.features = rows.largest_share(block, grid) + (cols == nullptr ? 0 : cols->largest_share(block, grid));
  const auto& of_cols = cols == nullptr ? rows : *cols;
  const auto row_blocks = rows.blocks_of(block), col_blocks = of_cols.blocks_of(block);
  need.feature_work = std::max(rows.work(row_blocks), of_cols.work(col_blocks));
  need.again_work = block_again(rows, block) + (cols == nullptr ? 0 : block_again(*cols, block));
  if (grid.rows * grid.cols > 1)
    need.gathered = rows.total() / grid.rows;
  need.assembly_work =
      kernel::assembly_memory(rows.largest_run(row_blocks), of_cols.largest_run(col_blocks), grid);
  if (rows.is_cut(row_blocks) || of_cols.is_cut(col_blocks))
    need.assembly_work += kernel::panels_memory(m, n, block);
  need.solve_work = linalg::panel_memory(m, n, grid);
  return need;
}

std::int64_t prediction_work(const FeatureSizes& structures, std::int64_t training_blocks, std::int64_t k) {
  const auto& limits = kernel::prediction_limits;
  return kernel::apply_memory(limits, structures.largest_run(limits), structures.work(limits), k,
                              training_blocks);
}

void check_memory(const NeedOn& need_on, const Machine& machine) {
  const auto whole = need_on(machine);
  if (whole.fits(machine))
    return;
  const auto need = whole.within(machine.memory_per_rank);
  if (!indexable(need))
    throw ResourceError(format("the matrix has %lld elements on one rank of a %d x %d grid, but the 32-bit "
                               "indices of ScaLAPACK end at 2^31. ",
                               static_cast<long long>(need.matrix / number), machine.grid.rows,
                               machine.grid.cols) +
                        remedy(need_on, machine));
  throw ResourceError(format("%s per rank are needed (matrix %s, features %s, working space), but %s are "
                             "available on each of %s. ",
                             bytes(need.least()).c_str(), bytes(need.matrix).c_str(),
                             bytes(need.features).c_str(), bytes(machine.memory_per_rank).c_str(),
                             format_count(machine.ranks, "rank").c_str()) +
                      remedy(need_on, machine));
}

MemoryBudget memory_budget(const MemoryNeed& whole, const Machine& machine) {
  const auto need = whole.within(machine.memory_per_rank);
  const auto left = machine.memory_per_rank - need.matrix - need.features - need.assembly_work;
  return {std::max(left / 2, least_row_memory),
          need.recomputes ? need.features : std::numeric_limits<std::int64_t>::max()};
}

MemoryBudget require_memory(Log& log, const Machine& machine, const NeedOn& need_on) {
  const auto whole = need_on(machine);
  const auto need = whole.within(machine.memory_per_rank);
  log.line(
      format("memory per rank: %s at least (matrix %s, features %s, rows of other ranks up to %s), %s free",
             bytes(need.least()).c_str(), bytes(need.matrix).c_str(), bytes(need.features).c_str(),
             bytes(need.gathered).c_str(), bytes(machine.memory_per_rank).c_str()));
  check_memory(need_on, machine);
  if (need.recomputes)
    log.line(
        format("features take %s per rank: %s are stored, and the rest is recomputed whenever it is needed",
               bytes(whole.features).c_str(), bytes(need.features).c_str()));
  return memory_budget(whole, machine);
}

} // namespace soapstone::planning
