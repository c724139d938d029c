// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::testing {

/// Measures the bytes of large blocks of memory (64 KiB and more, of whatever library) that are taken and not
/// yet given back. A program that links it counts in malloc itself.
class AllocationMeter {
public:
  AllocationMeter();
  /// The most at once since the meter was made, beyond what there was then.
  std::int64_t peak() const;

private:
  std::int64_t before_;
};

} // namespace soapstone::testing
