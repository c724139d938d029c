// SPDX-License-Identifier: BSD-3-Clause
// Faults of memory on purpose: memory_faults none|leak|unset|overrun [RANK (0)]. MPI starts and ends around
// them, as around the program, so that what is suppressed for MPI's sake is seen to hide none of them.
#include <cstdlib>
#include <string>

#include <mpi.h>

namespace {

volatile int sink = 0;

void leak() {
  int* volatile lost = new int[1000];
  sink = lost == nullptr;
  lost = nullptr;
} // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): on purpose

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

void commit(const std::string& fault) {
  if (fault == "leak")
    leak();
  else if (fault == "unset")
    unset();
  else if (fault == "overrun")
    overrun();
}

} // namespace

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == (count > 2 ? std::atoi(arguments[2]) : 0))
    commit(count > 1 ? arguments[1] : "none");
  MPI_Finalize();
}
