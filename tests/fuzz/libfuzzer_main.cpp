// SPDX-License-Identifier: BSD-3-Clause
// The entry of libFuzzer: what try_input throws is a crash, with what() on standard error.
#include "target.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    soapstone::fuzz::try_input(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "DEFECT: %s\n", error.what());
    std::abort();
  }
  return 0;
}
