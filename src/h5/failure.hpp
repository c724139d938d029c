// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "handle.hpp"

#include <string>

namespace soapstone::h5 {

/// Holds what an operation is about, for messages.
struct Place {
  std::string file;
  std::string object; ///< may be empty
};

/// Stops HDF5 from printing its error stack; failure() tells it instead.
void silence_library();

/// Throws IoError "file: object: what (HDF5's reason)".
[[noreturn]] void fail(const Place& place, const std::string& what);

/// The identifier as a Handle, or fail().
Handle owned(hid_t id, Handle::Closer closer, const Place& place, const char* what);

/// fail() unless `status` is HDF5's success.
void check(herr_t status, const Place& place, const char* what);

} // namespace soapstone::h5
