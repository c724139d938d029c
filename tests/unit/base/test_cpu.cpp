// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/cpu.hpp"

#include <gtest/gtest.h>

// integration.packaging emulates a CPU that lacks some instructions.
TEST(Cpu, ThatCompiledTheProgramLacksNothing) {
  EXPECT_EQ(soapstone::missing_instructions(), nullptr);
}
