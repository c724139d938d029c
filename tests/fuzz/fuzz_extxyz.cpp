// SPDX-License-Identifier: BSD-3-Clause
// Extended XYZ: all frames of a text.
#include "frames.hpp"

namespace soapstone::fuzz {

Verdict try_input(const std::string& input) {
  return try_frames<formats::ExtxyzReader>(input, [](const formats::Frame&) {});
}

std::vector<std::string> made_seeds() {
  return {};
}

std::vector<std::string> words() {
  return {"Lattice=",
          "Properties=",
          "species:S:1:pos:R:3",
          ":R:1",
          ":I:3",
          ":L:1",
          "pbc=\"T F T\"",
          "energy=",
          "1099511627776",
          "100000",
          "1e308",
          "1e400",
          "nan",
          "-inf",
          "1e-320",
          "VEC1",
          "\\",
          "{",
          "}",
          "\"",
          "'",
          "=",
          "[",
          "Z:I:1",
          "99999999999999999999",
          "-0",
          "1.5D+02",
          "\r\n",
          "\r",
          "=\"\" ",
          "energy=1 ",
          "\n\n",
          "Og",
          "118",
          "119"};
}

} // namespace soapstone::fuzz
