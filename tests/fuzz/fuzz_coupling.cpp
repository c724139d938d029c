// SPDX-License-Identifier: BSD-3-Clause
// The file of a species coupling.
#include "target.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/soap/coupling_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace soapstone::fuzz {

namespace {

void require_sound(const soap::SpeciesCoupling& coupling) {
  require(!coupling.elements.empty() && coupling.channels() > 0, "elements and channels");
  require(std::is_sorted(coupling.elements.begin(), coupling.elements.end()), "elements in order");
  require(coupling.u.size() == coupling.elements.size() * static_cast<std::size_t>(coupling.channels()),
          "a number for every channel and element");
  require(std::all_of(coupling.u.begin(), coupling.u.end(), [](double x) { return std::isfinite(x); }),
          "finite numbers");
}

void require_round_trip(const soap::SpeciesCoupling& coupling) {
  const auto copy = soap::parse_coupling(soap::coupling_text(coupling, "a comment\nof two lines"), "u.txt");
  require(copy.elements == coupling.elements && copy.u.size() == coupling.u.size(), "the same shape again");
  require(std::equal(copy.u.begin(), copy.u.end(), coupling.u.begin(),
                     [](double a, double b) {
                       return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
                     }),
          "the same bits again");
}

} // namespace

Verdict try_input(const std::string& input) {
  try {
    const auto coupling = soap::parse_coupling(input, "u.txt");
    require_sound(coupling);
    require_round_trip(coupling);
    coupling.validate();
  } catch (const Error& error) {
    require_clear(error.what(), input);
    return Verdict::refused;
  }
  return Verdict::accepted;
}

std::vector<std::string> made_seeds() {
  return {};
}

std::vector<std::string> words() {
  return {"H",     " C ",   "Og", "Xx",       "#",       "\n",   "nan",  "inf",
          "1e308", "1e400", "-0", "4.9e-324", "1.5D+02", "1*^3", "0x1p3"};
}

} // namespace soapstone::fuzz
