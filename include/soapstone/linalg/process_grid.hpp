// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <string>

namespace soapstone::linalg {

/// Rows x columns of a process grid.
struct GridShape {
  int rows = 1, cols = 1;
  bool operator==(const GridShape&) const = default;
};

std::string to_string(GridShape shape); ///< "2x3"

/// The most square rows x cols = ranks with rows <= cols.
GridShape choose_grid(int ranks);

/// "2x3" -> {2, 3}. Throws ConfigError (`grid`) otherwise or when the grid wants more than `ranks`
/// ranks.
GridShape parse_grid(const std::string& text, int ranks);

/// A two-dimensional BLACS process grid over the first rows x cols ranks of a communicator, row-major; the
/// other ranks are idle. Owns its BLACS context and communicators.
class ProcessGrid {
public:
  /// Collective over `comm`. Throws ConfigError when the communicator has fewer than rows x cols ranks.
  ProcessGrid(const parallel::Communicator& comm, GridShape shape);
  ~ProcessGrid();
  ProcessGrid(ProcessGrid&& other) noexcept;
  ProcessGrid& operator=(ProcessGrid&&) = delete;

  GridShape shape() const noexcept { return shape_; }
  int row() const noexcept { return row_; } ///< my row, -1 on idle ranks
  int col() const noexcept { return col_; }
  bool active() const noexcept { return row_ >= 0; }
  int context() const noexcept { return context_; }                   ///< BLACS context, -1 on idle ranks
  const parallel::Communicator& all() const noexcept { return all_; } ///< every rank, idle ones too
  /// Ranks of the grid; null on idle ranks.
  const parallel::Communicator& members() const noexcept { return members_; }
  /// Ranks of my grid row (ordered by column) and of my grid column (ordered by row); null on idle ranks.
  const parallel::Communicator& row_ranks() const noexcept { return row_ranks_; }
  const parallel::Communicator& col_ranks() const noexcept { return col_ranks_; }
  /// Rank in all() of grid position (row, col).
  int rank_of(int row, int col) const noexcept { return row * shape_.cols + col; }

private:
  void make_context();

  parallel::Communicator all_, members_, row_ranks_, col_ranks_;
  GridShape shape_;
  int row_ = -1, col_ = -1, context_ = -1, system_handle_ = -1;
};

} // namespace soapstone::linalg
