// SPDX-License-Identifier: BSD-3-Clause
#include "new_file.hpp"

#include "data_set.hpp"
#include "write_driver.hpp"

#include "soapstone/base/check.hpp"

#include <cstring>

namespace soapstone::h5 {

namespace {

/// The path, unless nothing can be renamed to it.
const std::string& checked(const std::string& path) {
  if (is_special_file(path))
    throw IoError("exists and is not a regular file", path);
  return path;
}

} // namespace

NewFile::NewFile(const std::string& path) : place_(checked(path)) {
  silence_library();
  const Place place{path, ""};
  try {
    const Handle access = file_access(place);
    use_fallback_files(access.get(), &problem_, place);
    file_ = create_file(temporary(), access.get(), place);
    expect_no_problem();
  } catch (...) {
    file_.close();
    expect_no_problem(); // this message says more
    throw;
  }
}

void NewFile::expect_open() const {
  expects(file_.valid(), "a file that is not committed yet");
  expects(!failed_, "no failed write before");
}

void NewFile::expect_no_problem() const {
  if (problem_ != 0)
    throw IoError(std::string("cannot be written: ") + std::strerror(problem_), path());
}

void NewFile::commit() {
  attempt([&] {
    const Place place{path(), ""};
    check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), place, "cannot be written");
    if (!file_.close())
      fail(place, "cannot be closed");
    expect_no_problem();
    place_.commit();
  });
}

} // namespace soapstone::h5
