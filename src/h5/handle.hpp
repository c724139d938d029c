// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include <hdf5.h>

namespace soapstone::h5 {

/// Owns one HDF5 identifier of any kind, together with the function that closes it.
class Handle {
public:
  using Closer = herr_t (*)(hid_t);

  Handle() = default;
  Handle(hid_t id, Closer closer) noexcept : id_(id), closer_(closer) {}
  ~Handle() { close(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, invalid)), closer_(other.closer_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      id_ = std::exchange(other.id_, invalid);
      closer_ = other.closer_;
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hid_t get() const noexcept { return id_; }
  bool valid() const noexcept { return id_ >= 0; }

  /// Closes now, for callers that must know whether buffered data could still be written.
  bool close() noexcept {
    const hid_t id = std::exchange(id_, invalid);
    return id < 0 || closer_(id) >= 0;
  }

private:
  static constexpr hid_t invalid = -1;
  hid_t id_ = invalid;
  Closer closer_ = nullptr;
};

} // namespace soapstone::h5
