// SPDX-License-Identifier: BSD-3-Clause
// Raw QM9 files, one behind the other.
#include "frames.hpp"

#include "soapstone/formats/qm9_reader.hpp"
#include "soapstone/formats/tokens.hpp"

namespace soapstone::fuzz {

Verdict try_input(const std::string& input) {
  return try_frames<formats::Qm9Reader>(input, [](const formats::Frame& frame) {
    for (const char* key : {"A", "mu", "U0", "G", "Cv"})
      require(frame.find(key) && formats::to_number(*frame.find(key)), "numbers where numbers are promised");
  });
}

std::vector<std::string> made_seeds() {
  return {};
}

std::vector<std::string> words() {
  return {"gdb 1\t", "*^-6",   "*^",     "1e308", "nan",  "inf", "1099511627776",
          "100000",  "100001", "\t",     "\n",    "\r\n", "\r",  "InChI=1S/CH4/h1H4",
          "-",       "0.",     "1*^400", "C",     "99",   "\"",  "\\",
          "="};
}

} // namespace soapstone::fuzz
