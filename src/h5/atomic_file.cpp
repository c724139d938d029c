// SPDX-License-Identifier: BSD-3-Clause
#include "atomic_file.hpp"

#include "data_set.hpp"
#include "temporary_file.hpp"
#include "write_driver.hpp"

#include "soapstone/base/check.hpp"

#include <cstring>

#include <unistd.h>

namespace soapstone::h5 {

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(resolve_target(path)) {
  silence_library();
  const Place place{path_, ""};
  temporary_ = temporary_name(target_);
  vanishing_.emplace(temporary_);
  try {
    const Handle access = file_access(place);
    use_patient_files(access.get(), &problem_, place);
    file_ = create_file(temporary_, access.get(), place);
    expect_no_problem();
  } catch (...) {
    file_.close();
    unlink(temporary_.c_str()); // it may have been made before the failure
    expect_no_problem();        // this message says more
    throw;
  }
}

AtomicFile::~AtomicFile() {
  file_.close();
  if (!temporary_.empty())
    unlink(temporary_.c_str());
}

void AtomicFile::expect_open() const {
  expects(file_.valid(), "a file that is not committed yet");
  expects(!failed_, "no failed write before");
}

void AtomicFile::expect_no_problem() const {
  if (problem_ != 0)
    throw IoError(std::string("cannot be written: ") + std::strerror(problem_), path_);
}

void AtomicFile::commit() {
  attempt([&] {
    const Place place{path_, ""};
    check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), place, "cannot be written");
    if (!file_.close())
      fail(place, "cannot be closed");
    expect_no_problem();
    publish(temporary_, target_);
    temporary_.clear();
  });
}

} // namespace soapstone::h5
