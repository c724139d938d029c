// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "failure.hpp"

#include "soapstone/base/vanishing_file.hpp"

#include <optional>
#include <string>

namespace soapstone::h5 {

/// A new HDF5 file under a temporary name, open for writing by this process, that takes the target's place
/// when it is committed and vanishes otherwise.
class AtomicFile {
public:
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  hid_t get() const { return file_.get(); }
  const std::string& path() const { return path_; }
  const std::string& temporary() const { return temporary_; }

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

  std::string path_, target_, temporary_;
  std::optional<VanishingFile> vanishing_; // the temporary one
  int problem_ = 0;                        // of the operating system, an errno
  Handle file_;
  bool failed_ = false;
};

} // namespace soapstone::h5
