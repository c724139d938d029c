// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/search/checkpoint.hpp"
#include "soapstone/search/lock_file.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace soapstone::search {

// A search's files: FILE (all that rank 0 knows), FILE.previous (what FILE was before), FILE.lock, and the
// folder FILE.parts with one small file per point that is finished and not in FILE yet. A group that finishes
// a point writes its part and has thereby made it durable, without waiting for anybody; rank 0 takes the
// parts into FILE when it comes to it. Every file comes into being whole (temporary name, fsync, rename,
// fsync of the folder).

/// Makes a finished point durable; any process, at any time between CheckpointStore::begin and finish. The
/// rows and columns are those of `search`. Throws IoError.
void add_part(const std::string& path, const Checkpoint& search, const Record& record);

/// Returns what FILE, or where it is damaged FILE.previous, and the parts hold, without any lock; nothing if
/// there are no such files. What could not be used is told in `warnings`. Throws IoError when there are files
/// and none is whole.
std::optional<Checkpoint> inspect_checkpoint(const std::string& path, std::vector<std::string>& warnings);

/// Clears away temporary files that killed processes left while they wrote `path`. Hold its lock.
void remove_temporaries(const std::string& path);

/// Throws IoError where FILE has so long a name that FILE.previous could have none.
void require_room_for_companions(const std::string& path);

/// FILE gets the name FILE.previous as well, before a new one takes its place; nothing if there is none.
/// Throws IoError.
void keep_previous(const std::string& path);

/// The files in the hands of the one process that keeps them.
class CheckpointStore {
public:
  /// Takes the lock. Throws IoError when another process has it.
  explicit CheckpointStore(const std::string& path, double patience = 5);
  /// Removes the files if an exception ends a search that has no result yet, because they would only make the
  /// corrected search fail.
  ~CheckpointStore();
  CheckpointStore(const CheckpointStore&) = delete;
  CheckpointStore& operator=(const CheckpointStore&) = delete;

  bool locked() const { return lock_.held(); }
  /// Reads what an earlier run of the same search left behind, into `search.records`. Throws ConfigError that
  /// names the differing keys when it was another search that has a result. Then clears away what killed runs
  /// left, and writes FILE.
  void begin(Checkpoint& search, std::vector<std::string>& warnings);
  /// FILE becomes FILE.previous, `search` becomes FILE, and the parts that it holds go.
  void save(const Checkpoint& search);
  /// Does the same at the end: no parts are left.
  void finish(const Checkpoint& search);
  /// Removes all files but the lock.
  void discard() noexcept;

private:
  std::string path_;
  int exceptions_; ///< under way when the store was opened
  bool begun_ = false, has_result_ = false;
  LockFile lock_;
  std::set<Task> in_file_; ///< whose parts are gone
  bool whole_ = false;     ///< FILE was written by this process
};

} // namespace soapstone::search
