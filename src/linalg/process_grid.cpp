// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/process_grid.hpp"

#include "scalapack_fortran.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/logical_block.hpp"

#include <exception>
#include <utility>
#include <vector>

namespace soapstone::linalg {

namespace {

std::int64_t ranks_in(GridShape shape) {
  return std::int64_t{shape.rows} * shape.cols;
}

parallel::Communicator checked_duplicate(const parallel::Communicator& comm, GridShape shape) {
  expects(shape.rows >= 1 && shape.cols >= 1, "a process grid has at least one row and one column");
  if (ranks_in(shape) > comm.size())
    throw ConfigError(format("a process grid of %d x %d needs %lld ranks, but there are %d", shape.rows,
                             shape.cols, static_cast<long long>(ranks_in(shape)), comm.size()),
                      "grid");
  return comm.duplicate();
}

/// Ranks by grid position, column-major as BLACS wants them, numbered row by row.
std::vector<int> rank_map(GridShape shape) {
  std::vector<int> map;
  for (int col = 0; col < shape.cols; ++col)
    for (int row = 0; row < shape.rows; ++row)
      map.push_back(row * shape.cols + col);
  return map;
}

/// Freeing communicators is collective: not after MPI's end, and not while an exception unwinds on what may
/// be one of several ranks.
bool may_free(int ranks) {
  int finalized = 0;
  MPI_Finalized(&finalized);
  return finalized == 0 && (ranks == 1 || std::uncaught_exceptions() == 0);
}

/// BLACS adds up contributions in the order in which they arrive, so that with three or more ranks in a row
/// or column the last bits of a product differ from run to run. This makes it take a fixed order.
void make_repeatable(int context) {
  constexpr int repeatable_topologies = 15; // SGET_TOPSREPEAT
  int on = 1;
  Cblacs_set(context, repeatable_topologies, &on);
}

} // namespace

std::string to_string(GridShape shape) {
  return format("%dx%d", shape.rows, shape.cols);
}

GridShape choose_grid(int ranks) {
  expects(ranks >= 1, "a process grid has at least one rank");
  int rows = 1;
  for (int candidate = 1; candidate <= ranks / candidate; ++candidate)
    if (ranks % candidate == 0)
      rows = candidate;
  return {rows, ranks / rows};
}

GridShape parse_grid(const std::string& text, int ranks) {
  const auto parts = split(text, 'x');
  const auto rows = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
  const auto cols = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
  if (!rows || !cols || *rows < 1 || *cols < 1)
    throw ConfigError("a process grid is written as rows x columns, such as 2x3, not \"" + text + "\"",
                      "grid");
  if (*rows > ranks || *cols > ranks || *rows * *cols > ranks)
    throw ConfigError(
        format("a process grid of %s needs more ranks than are available (%d)", text.c_str(), ranks), "grid");
  return {static_cast<int>(*rows), static_cast<int>(*cols)};
}

ProcessGrid::ProcessGrid(const parallel::Communicator& comm, GridShape shape)
    : all_(checked_duplicate(comm, shape)), members_(parallel::Communicator::borrow(MPI_COMM_NULL)),
      row_ranks_(parallel::Communicator::borrow(MPI_COMM_NULL)),
      col_ranks_(parallel::Communicator::borrow(MPI_COMM_NULL)), shape_(shape) {
  link_logical_block();
  if (all_.rank() < ranks_in(shape)) {
    row_ = all_.rank() / shape.cols;
    col_ = all_.rank() % shape.cols;
  }
  members_ = all_.split(active() ? 0 : -1, all_.rank());
  row_ranks_ = all_.split(row_, col_);
  col_ranks_ = all_.split(col_, row_);

  if (active())
    make_context();
}

// Over the grid's own ranks alone: gridmap leaks on ranks that it leaves out.
void ProcessGrid::make_context() {
  system_handle_ = Csys2blacs_handle(members_.get());
  auto map = rank_map(shape_);
  context_ = system_handle_;
  Cblacs_gridmap(&context_, map.data(), shape_.rows, shape_.rows, shape_.cols);
  make_repeatable(context_);
}

ProcessGrid::~ProcessGrid() {
  if (system_handle_ < 0 || !may_free(members_.size()))
    return;
  // Sends that have long been received, and that would keep the grid's communicators.
  constexpr int wait = 0;
  Cblacs_freebuff(context_, wait);
  Cblacs_gridexit(context_);
  Cfree_blacs_system_handle(system_handle_);
}

ProcessGrid::ProcessGrid(ProcessGrid&& other) noexcept
    : all_(std::move(other.all_)), members_(std::move(other.members_)),
      row_ranks_(std::move(other.row_ranks_)), col_ranks_(std::move(other.col_ranks_)), shape_(other.shape_),
      row_(std::exchange(other.row_, -1)), col_(std::exchange(other.col_, -1)),
      context_(std::exchange(other.context_, -1)), system_handle_(std::exchange(other.system_handle_, -1)) {}

} // namespace soapstone::linalg
