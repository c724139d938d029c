// SPDX-License-Identifier: BSD-3-Clause
// Tests that fail on purpose on the rank SOAPSTONE_FAILING_RANK, while the others wait in a collective (or,
// where the name says so, walk on). check_deliberate_failures.py runs them and expects each to turn red in
// time with the rank named.
#include "soapstone/parallel/mpi.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace {

bool my_turn() {
  const char* text = std::getenv("SOAPSTONE_FAILING_RANK");
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return text != nullptr && rank == std::atoi(text);
}

void barrier() {
  MPI_Barrier(MPI_COMM_WORLD);
}

[[noreturn]] void sleep_forever() {
  for (;;)
    std::this_thread::sleep_for(std::chrono::hours(1));
}

TEST(Deliberate, expect) {
  EXPECT_FALSE(my_turn());
  barrier();
}

TEST(Deliberate, assert) {
  ASSERT_FALSE(my_turn());
  barrier();
}

TEST(Deliberate, throw) {
  if (my_turn())
    throw std::runtime_error("deliberate exception");
  barrier();
}

TEST(Deliberate, exit) {
  if (my_turn())
    std::exit(0);
  barrier();
}

TEST(Deliberate, segfault) {
  if (my_turn())
    std::raise(SIGSEGV);
  barrier();
}

TEST(Deliberate, hang) {
  if (my_turn())
    sleep_forever();
  barrier();
}

TEST(Deliberate, hang_while_others_walk_on) {
  if (my_turn())
    sleep_forever();
}

/// For builds with AddressSanitizer.
TEST(Deliberate, leak) {
  if (!my_turn())
    return;
  for (int i = 0; i < 100; ++i) {
    int* volatile lost = new int[100];
    EXPECT_NE(lost, nullptr);
  }
}

TEST(Deliberate, none) {
  barrier();
}

} // namespace
