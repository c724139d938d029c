// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/checkpoint_store.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace soapstone::search {

namespace fs = std::filesystem;

namespace {

std::string parts_folder(const std::string& path) {
  return path + ".parts";
}

std::string part_name(const std::string& path, const Task& task) {
  return parts_folder(path) +
         format("/%lld-%lld.h5", static_cast<long long>(task.rung), static_cast<long long>(task.point));
}

std::string previous_name(const std::string& path) {
  return path + ".previous";
}

/// Returns the name that FILE.previous has for a moment.
std::string second_name(const std::string& path) {
  return previous_name(path) + ".new";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, none), end; !none && at != end; at.increment(none))
    files.push_back(at->path());
  return files;
}

/// Names of files being written end so.
bool is_temporary(const fs::path& file) {
  const auto name = file.filename().string();
  return name.starts_with(".") && name.ends_with(".tmp");
}

/// Returns whether a point was evaluated with success for at least one regularisation.
bool has_result(const Records& records) {
  return std::any_of(records.begin(), records.end(), [](const auto& entry) {
    const auto& record = entry.second;
    return record.code == 0 && std::any_of(record.failures.begin(), record.failures.end(),
                                           [](const auto& failure) { return failure.empty(); });
  });
}

/// Reads the checkpoint of a whole search.
Checkpoint read_whole(const std::string& path) {
  auto search = read_checkpoint(path);
  if (search.status == part_status)
    throw IoError("is a single point of a search, not a checkpoint", path);
  return search;
}

/// Returns whether a record found somewhere is one of the search's.
bool belongs(const Checkpoint& search, const Record& record) {
  const auto rows = search.rows.size();
  const bool fits = record.code != 0 ||
                    (record.failures.size() == rows && record.values.size() == rows * search.columns.size());
  return fits && record.task.rung < static_cast<std::int64_t>(search.rungs.size()) &&
         record.task.point < Grid(search.axes).size();
}

std::optional<Checkpoint> read_main(const std::string& path, std::vector<std::string>& warnings) {
  const std::string previous = previous_name(path);
  std::error_code none;
  if (!fs::exists(path, none) && !fs::exists(previous, none))
    return std::nullopt;
  try {
    return read_whole(path);
  } catch (const ForeignFile&) {
    throw;
  } catch (const IoError& error) {
    if (!fs::exists(previous, none))
      throw;
    auto older = read_whole(previous);
    warnings.push_back(std::string(error.what()) + "; resuming from " + previous);
    return older;
  }
}

/// A damaged file must not take the place of a whole one.
bool is_whole_checkpoint(const std::string& path) {
  try {
    read_checkpoint(path);
    return true;
  } catch (const IoError&) {
    return false;
  }
}

/// Records of parts with the fingerprints of their searches.
std::vector<std::pair<std::string, Record>> read_parts(const std::string& path,
                                                       std::vector<std::string>& warnings) {
  std::vector<std::pair<std::string, Record>> found;
  for (const auto& file : files_in(parts_folder(path))) {
    if (is_temporary(file))
      continue;
    try {
      const auto part = read_checkpoint(file.string());
      const auto whose = part.identity.find("fingerprint");
      for (const auto& [task, record] : part.records)
        found.emplace_back(whose == part.identity.end() ? "" : whose->second, record);
    } catch (const IoError& error) {
      std::error_code none;
      if (fs::exists(file, none)) // else the search under way has just taken it in
        warnings.push_back(std::string(error.what()) + "; its point is evaluated again");
    }
  }
  return found;
}

} // namespace

void remove_temporaries(const std::string& path) {
  const fs::path file(path);
  const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string ours = "." + file.filename().string() + ".";
  std::error_code none;
  for (const auto& candidate : files_in(folder))
    if (is_temporary(candidate) && candidate.filename().string().starts_with(ours))
      fs::remove(candidate, none);
}

void require_room_for_companions(const std::string& path) {
  if (::access(second_name(path).c_str(), F_OK) != 0 && errno == ENAMETOOLONG)
    throw IoError("its name is too long, because related files have longer names, such as " +
                      fs::path(second_name(path)).filename().string(),
                  path);
}

// A second name for the file that is about to be replaced: at no moment is there no file called `path`.
void keep_previous(const std::string& path) {
  const std::string previous = previous_name(path), second = second_name(path);
  ::unlink(second.c_str());
  if (::link(path.c_str(), second.c_str()) == 0) {
    const int status = std::rename(second.c_str(), previous.c_str()), problem = errno;
    ::unlink(second.c_str()); // rename does nothing to two names of one file
    if (status != 0)
      throw IoError(std::string("cannot be put in place: ") + std::strerror(problem), previous);
    return;
  }
  // File systems without hard links: for a moment `previous` alone is there.
  if (errno != ENOENT && std::rename(path.c_str(), previous.c_str()) != 0 && errno != ENOENT)
    throw IoError(std::string("cannot be put in place: ") + std::strerror(errno), previous);
}

void add_part(const std::string& path, const Checkpoint& search, const Record& record) {
  Checkpoint part;
  part.identity = {{"fingerprint", fingerprint(search.identity)}};
  part.rows = search.rows;
  part.columns = search.columns;
  part.score = search.score;
  part.rungs = search.rungs;
  part.status = part_status;
  part.owner = job_name();
  part.records[record.task] = record;
  write_checkpoint(part_name(path, record.task), part);
}

std::optional<Checkpoint> inspect_checkpoint(const std::string& path, std::vector<std::string>& warnings) {
  // The parts first: one that goes away meanwhile is in the file that is read after it.
  const auto parts = read_parts(path, warnings);
  auto search = read_main(path, warnings);
  if (!search)
    return search;
  const auto mark = fingerprint(search->identity);
  for (const auto& [whose, record] : parts)
    if (whose == mark && belongs(*search, record))
      search->records[record.task] = record;
  return search;
}

CheckpointStore::CheckpointStore(const std::string& path, double patience)
    : path_(path), exceptions_(std::uncaught_exceptions()), lock_(path + ".lock", patience) {
  require_room_for_companions(path);
}

CheckpointStore::~CheckpointStore() {
  if (begun_ && !has_result_ && std::uncaught_exceptions() > exceptions_ &&
      files_in(parts_folder(path_)).empty())
    discard();
}

void CheckpointStore::discard() noexcept {
  std::error_code none;
  for (const auto& name : {path_, previous_name(path_)})
    fs::remove(name, none);
  fs::remove_all(parts_folder(path_), none);
}

void CheckpointStore::begin(Checkpoint& search, std::vector<std::string>& warnings) {
  auto found = inspect_checkpoint(path_, warnings);
  std::string differing;
  for (const auto& difference :
       found ? differences(found->identity, search.identity) : std::vector<std::string>{})
    differing += "\n  " + difference;
  if (found && (differing.empty() || has_result(found->records))) {
    if (!differing.empty())
      throw ConfigError(
          "the checkpoint " + path_ + " belongs to a different search:" + differing +
              "\nGive another `checkpoint_file`, or remove the file to start again from the beginning",
          "checkpoint_file");
    for (const auto& [task, record] : found->records)
      if (!belongs(search, record))
        throw IoError("its records have other rungs, points, rows or columns than the search", path_);
    search.records = std::move(found->records);
  }
  remove_temporaries(path_);
  std::error_code problem;
  fs::create_directories(parts_folder(path_), problem);
  if (problem)
    throw IoError("the folder cannot be created: " + problem.message(), parts_folder(path_));
  save(search);
  begun_ = true;
  // What is left was of no use: damaged, half written, or of a search whose checkpoint was removed.
  for (const auto& file : files_in(parts_folder(path_)))
    fs::remove(file, problem);
}

void CheckpointStore::save(const Checkpoint& search) {
  if (whole_ || is_whole_checkpoint(path_))
    keep_previous(path_);
  write_checkpoint(path_, search);
  whole_ = true;
  has_result_ = has_result(search.records);
  for (const auto& [task, record] : search.records)
    if (!in_file_.contains(task)) {
      ::unlink(part_name(path_, task).c_str());
      in_file_.insert(task);
    }
}

void CheckpointStore::finish(const Checkpoint& search) {
  save(search);
  std::error_code none;
  fs::remove_all(parts_folder(path_), none);
}

} // namespace soapstone::search
