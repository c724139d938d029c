// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/search/points.hpp"
#include "soapstone/search/record.hpp"

#include <map>
#include <string>
#include <vector>

namespace soapstone::search {

inline constexpr std::int64_t checkpoint_schema = 1;                 ///< attribute "schema" of "/"
inline constexpr const char* checkpoint_format = "soapstone-search"; ///< attribute "format" of "/"

inline constexpr const char* part_status = "part"; ///< of a file with one point, no checkpoint by itself

/// Holds what a search is and how far it has come.
struct Checkpoint {
  /// Key -> value of everything that the results depend on, hashes of data included.
  std::map<std::string, std::string> identity;
  std::vector<Axis> axes;
  std::vector<std::string> rows;    ///< of every point's values: the regularisations
  std::vector<std::string> columns; ///< of every row's values
  std::string score;                ///< the column that is to be small
  std::vector<Rung> rungs;          ///< points to evaluate
  std::string status;               ///< running, stopped, finished
  std::string owner;                ///< the job that wrote it: host, process, batch job
  Records records;

  std::int64_t planned() const; ///< tasks in all
};

/// Keys whose values differ or that only one has, as "key: old, now new".
std::vector<std::string> differences(const std::map<std::string, std::string>& before,
                                     const std::map<std::string, std::string>& now);

/// 64 bits of keys and values, as text.
std::string fingerprint(const std::map<std::string, std::string>& identity);

/// A file of another kind or schema. It is not damaged: no older one may take its place.
class ForeignFile : public IoError {
public:
  using IoError::IoError;
};

/// Writes the whole file: temporary name, checksums, fsync, rename, fsync of the folder. Throws IoError.
void write_checkpoint(const std::string& path, const Checkpoint& checkpoint);

/// Throws IoError when the file is missing or damaged, or when its records do not belong to its plan;
/// ForeignFile.
Checkpoint read_checkpoint(const std::string& path);

/// The least score of a record over its good rows and the row that has it; infinity if it has none.
struct BestRow {
  double score = 0;
  std::size_t row = 0;
};
/// Returns the best row of one of the search's records.
BestRow best_row(const Checkpoint& search, const Record& record);

/// Returns, of the records of the last rung that has any with a score, that with the least score, of equals
/// the first point; null if there is none.
const Record* best_record(const Checkpoint& search);

} // namespace soapstone::search
