// SPDX-License-Identifier: BSD-3-Clause
// Raw QM9 files, one behind the other.
#include "frames.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/structure/qm9_reader.hpp"
#include "soapstone/structure/tokens.hpp"

namespace soapstone::fuzz {

Verdict try_input(const std::string& input) {
  try {
    structure::Qm9Reader reader(text_source(input));
    structure::Frame frame;
    while (reader.next(frame)) {
      require_sound(frame);
      for (const char* key : {"A", "mu", "U0", "G", "Cv"})
        require(frame.find(key) && structure::to_number(*frame.find(key)),
                "numbers where numbers are promised");
      try {
        require_round_trip(frame);
      } catch (const Error& error) {
        throw Broken(std::string("what was written is refused: ") + error.what());
      }
    }
  } catch (const DataError& error) {
    require_clear(error.what());
    require(std::string(error.what()).find("in.xyz") != std::string::npos, "a message that names the file");
    return Verdict::refused;
  }
  return Verdict::accepted;
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
