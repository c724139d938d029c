// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/kernel_file.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace soapstone::regression {

using linalg::BlockCyclic;
using linalg::DistributedMatrix;

namespace {

constexpr std::int64_t panel_elements = std::int64_t{4} << 20; // 32 MiB on rank 0, or one block of columns

/// Columns of a panel: whole blocks.
std::int64_t panel_width(std::int64_t n, std::int64_t block) {
  return block * std::max<std::int64_t>(1, panel_elements / std::max<std::int64_t>(1, n * block));
}

std::string panel_name(const std::string& group, std::int64_t first) {
  return group + format("/%012lld", static_cast<long long>(first));
}

/// My indices of [first, end), counted from `first`, which is the first of a block.
h5::Part part_of(const BlockCyclic& indices, std::int64_t first, std::int64_t end) {
  const auto block = static_cast<std::uint64_t>(indices.block()),
             extent = static_cast<std::uint64_t>(end - first);
  if (indices.me() < 0)
    return {extent, block, block, extent};
  const int turn = indices.me() - indices.owner(first) + indices.processes();
  return {static_cast<std::uint64_t>(turn % indices.processes()) * block, block,
          block * static_cast<std::uint64_t>(indices.processes()), extent};
}

/// Calls visit(column, local column) for my columns of [first, end).
template <typename Visit>
void for_my_columns(const DistributedMatrix& matrix, std::int64_t first, std::int64_t end, Visit&& visit) {
  for (auto local = matrix.cols().mine_below(first); local < matrix.cols().mine_below(end); ++local)
    visit(matrix.cols().to_global(local), local);
}

void accept(const std::vector<double>& panel, std::int64_t first, std::int64_t end,
            DistributedMatrix& matrix) {
  const auto height = matrix.rows().size() - first;
  for_my_columns(matrix, first, end, [&](std::int64_t column, std::int64_t local) {
    for (auto row = matrix.rows().mine_below(first); row < matrix.rows().local_size(); ++row)
      matrix.at_local(row, local) =
          panel[static_cast<std::size_t>((column - first) * height + matrix.rows().to_global(row) - first)];
  });
}

/// The panels of a file, which only rank 0 opens.
class Panels {
public:
  Panels(const std::string& path, const std::string& group) : file_(path), group_(group) {
    for (const auto& name : file_.children(group))
      firsts_.push_back(std::strtoll(name.c_str(), nullptr, 10));
    if (firsts_.empty())
      throw IoError("contains no kernel in " + group, path);
  }
  const std::vector<std::int64_t>& firsts() const { return firsts_; }

  std::vector<double> read(std::size_t i, std::int64_t n) const {
    const auto name = panel_name(group_, firsts_[i]);
    const auto end = i + 1 < firsts_.size() ? firsts_[i + 1] : n;
    const h5::Shape expected{static_cast<std::uint64_t>(end - firsts_[i]),
                             static_cast<std::uint64_t>(n - firsts_[i])};
    if (firsts_.front() != 0 || file_.shape(name) != expected)
      throw IoError("its kernel is not of order " + std::to_string(n), file_.path());
    return file_.read_doubles(name);
  }

private:
  h5::Reader file_;
  std::string group_;
  std::vector<std::int64_t> firsts_;
};

} // namespace

std::int64_t lower_triangle_memory(std::int64_t n, std::int64_t block) {
  const auto panel = std::min(n, panel_width(n, block)) * n;
  return static_cast<std::int64_t>(sizeof(double)) * panel + h5::parallel_write_memory(panel);
}

double lower_triangle_bytes(std::int64_t n) {
  return 0.5 * sizeof(double) * static_cast<double>(n) * static_cast<double>(n + 1);
}

void write_lower_triangle(h5::ParallelWriter& file, const std::string& group,
                          const DistributedMatrix& matrix) {
  const auto n = matrix.rows().size();
  expects(matrix.cols().size() == n && matrix.rows().block() == matrix.cols().block(),
          "a square matrix in square blocks");
  const auto width = panel_width(n, matrix.cols().block());
  std::vector<double> mine;
  for (std::int64_t first = 0; first < n; first += width) {
    const auto end = std::min(n, first + width);
    const auto top = matrix.rows().mine_below(first), rows = matrix.rows().local_size();
    mine.clear();
    for_my_columns(matrix, first, end, [&](std::int64_t, std::int64_t local) {
      for (auto row = top; row < rows; ++row)
        mine.push_back(matrix.at_local(row, local));
    });
    file.write(panel_name(group, first), part_of(matrix.cols(), first, end), part_of(matrix.rows(), first, n),
               mine);
  }
}

DistributedMatrix read_lower_triangle(const std::string& path, const std::string& group,
                                      const linalg::ProcessGrid& grid, std::int64_t n, std::int64_t block) {
  const auto& comm = grid.all();
  std::optional<Panels> panels;
  std::vector<std::int64_t> firsts;
  parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return;
    panels.emplace(path, group);
    firsts = panels->firsts();
  });
  parallel::broadcast(comm, firsts);
  DistributedMatrix matrix(grid, n, n, block);
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    auto panel =
        parallel::agree(comm, [&] { return comm.rank() == 0 ? panels->read(i, n) : std::vector<double>{}; });
    parallel::broadcast(comm, panel);
    accept(panel, firsts[i], i + 1 < firsts.size() ? firsts[i + 1] : n, matrix);
  }
  return matrix;
}

} // namespace soapstone::regression
