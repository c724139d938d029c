// SPDX-License-Identifier: BSD-3-Clause
// Faults of memory on purpose: memory_faults none|leak|unset|overrun. MPI starts and ends around them, as
// around the program, so that what is suppressed for MPI's sake is seen to hide none of them.
#include <cstdio>
#include <string>

#include <mpi.h>

namespace {

volatile int sink = 0;

void leak() {
  int* volatile lost = new int[1000];
  sink = lost == nullptr;
  lost = nullptr;
}

void unset() {
  int* volatile numbers = new int[2];
  if (numbers[1] > 0)
    sink = 1;
  delete[] numbers;
}

void overrun() {
  int* volatile numbers = new int[2]{};
  volatile int after = 2;
  sink = numbers[after];
  delete[] numbers;
}

} // namespace

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  const std::string fault = count > 1 ? arguments[1] : "none";
  if (fault == "leak")
    leak();
  else if (fault == "unset")
    unset();
  else if (fault == "overrun")
    overrun();
  MPI_Finalize();
}
