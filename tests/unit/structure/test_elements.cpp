// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/elements.hpp"

#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>
#include <string>

namespace soapstone::structure {

TEST(Elements, KnownNumbers) {
  for (const auto& [symbol, z] : {std::pair("H", 1),
                                  {"C", 6},
                                  {"N", 7},
                                  {"O", 8},
                                  {"F", 9},
                                  {"Cl", 17},
                                  {"Fe", 26},
                                  {"Br", 35},
                                  {"I", 53},
                                  {"La", 57},
                                  {"Lu", 71},
                                  {"Au", 79},
                                  {"U", 92},
                                  {"Og", 118}})
    EXPECT_EQ(atomic_number(symbol), z) << symbol;
}

TEST(Elements, EverySymbolLeadsBackToItsNumber) {
  for (int z = 1; z <= max_atomic_number; ++z)
    EXPECT_EQ(atomic_number(element_symbol(z)), z);
}

TEST(Elements, NothingElseIsASymbol) {
  for (const char* text :
       {"", "X", "h", "CL", "cl", "D", "Xx", "Hee", "1", "C1", "A", "Zz", "J", "C ", "\xc3\x84"})
    EXPECT_FALSE(atomic_number(text)) << text;
  int symbols = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    symbols += atomic_number(std::string{a}).has_value();
    for (char b = 'a'; b <= 'z'; ++b)
      symbols += atomic_number(std::string{a, b}).has_value();
  }
  EXPECT_EQ(symbols, 118);
}

TEST(Elements, NumbersBeyondTheTableAreABrokenPromise) {
  EXPECT_THROW(element_symbol(0), InternalError);
  EXPECT_THROW(element_symbol(119), InternalError);
}

} // namespace soapstone::structure
