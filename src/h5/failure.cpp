// SPDX-License-Identifier: BSD-3-Clause
#include "failure.hpp"

#include "soapstone/base/error.hpp"

namespace soapstone::h5 {

namespace {

/// Keeps the innermost description, which is the cause; the outer ones only say what failed because of it.
herr_t keep_first(unsigned, const H5E_error2_t* entry, void* text) {
  auto& reason = *static_cast<std::string*>(text);
  if (reason.empty() && entry->desc != nullptr)
    reason = entry->desc;
  return 0;
}

std::string library_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &reason);
  H5Eclear2(H5E_DEFAULT);
  return reason;
}

/// Describes a failure whose reason is another program and not the file itself; empty for all other failures.
std::string usage_conflict(const std::string& reason) {
  if (reason.find("unable to lock file") != std::string::npos)
    return "is in use: another program writes to it, or the file system has no locks (close it there, or set "
           "HDF5_USE_FILE_LOCKING=FALSE)";
  if (reason.find("already open for") != std::string::npos)
    return "is in use: another program has it open for writing, or was stopped before it closed the file";
  return {};
}

} // namespace

void silence_library() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

void fail(const Place& place, const std::string& what) {
  const std::string reason = library_reason();
  const std::string subject = place.object.empty() ? std::string() : place.object + ": ";
  const std::string conflict = usage_conflict(reason);
  throw IoError(subject + (conflict.empty() ? what : conflict) +
                    (reason.empty() ? "" : " (HDF5: " + reason + ")"),
                place.file);
}

Handle owned(hid_t id, Handle::Closer closer, const Place& place, const char* what) {
  if (id < 0)
    fail(place, what);
  return {id, closer};
}

void check(herr_t status, const Place& place, const char* what) {
  if (status < 0)
    fail(place, what);
}

} // namespace soapstone::h5
