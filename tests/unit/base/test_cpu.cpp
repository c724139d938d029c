// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/cpu.hpp"

#include <gtest/gtest.h>

// A CPU that lacks something: integration.packaging, in an emulator.
TEST(Cpu, ThatCompiledTheProgramLacksNothing) {
  EXPECT_EQ(soapstone::missing_instructions(), nullptr);
}
