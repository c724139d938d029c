// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace soapstone::search {

/// A point on a rung: what a group of ranks takes from the queue.
struct Task {
  std::int64_t rung = 0, point = 0;
  auto operator<=>(const Task&) const = default; // NOLINT(modernize-use-nullptr): there is no pointer
};

/// Holds what a point was found to be worth.
struct Record {
  Task task;
  int code = 0;                      ///< exit code of the error that the point ended in; 0: none
  std::string message;               ///< of that error
  std::vector<double> values;        ///< rows x columns of the search, columns fastest; empty after an error
  std::vector<std::string> failures; ///< one per row, empty where its values are good; none after an error
  double seconds = 0;                ///< that it took
  bool operator==(const Record&) const = default;
};

using Records = std::map<Task, Record>; ///< by task

/// A record as bytes, and back. Both ends run the same program on the same kind of machine. unpack takes the
/// record off the front of `bytes`; throws InternalError when they are no record.
std::string pack(const Record& record);
Record unpack(std::string_view& bytes); ///< see pack

} // namespace soapstone::search
