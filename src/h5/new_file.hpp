// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

#include "soapstone/base/atomic_file.hpp"

#include <string>

namespace soapstone::h5 {

/// A new HDF5 file, open for writing by this process, that appears whole or not at all. Throws IoError if
/// something else than a regular file stands in its place.
class NewFile {
public:
  explicit NewFile(const std::string& path);
  hid_t get() const { return file_.get(); }
  const std::string& path() const { return place_.path(); }
  const std::string& temporary() const { return place_.temporary(); }

  /// Runs one operation on the open file; after a failure there is no commit.
  template <typename Operation>
  void attempt(Operation&& operation) {
    expect_open();
    failed_ = true;
    operation();
    expect_no_problem();
    failed_ = false;
  }

  void commit();

private:
  void expect_open() const;
  void expect_no_problem() const; ///< Throws IoError if the operating system refused a write.

  AtomicFile place_;
  int problem_ = 0; // of the operating system, an errno
  Handle file_;
  bool failed_ = false;
};

} // namespace soapstone::h5
