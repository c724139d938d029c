// SPDX-License-Identifier: BSD-3-Clause
// A library for LD_PRELOAD that makes one rank throw: in a call of MPI, as if something had gone wrong around
// it, or where it asks for memory. Environment: SOAPSTONE_FAIL = "RANK KIND AT COUNT_FILE", KIND memory, or
// in calls of MPI: mpi (an exception that is none of the program's), data, numerical or io (which are); the
// rank's call number AT throws (from 1; 0: none). COUNT_FILE gets the number of calls at the end, and before
// each line that the rank has written to standard error the number of calls until then; COUNT_FILE.fault is
// made when call AT is reached. KIND hang never comes to call AT of those by which ranks meet, and KIND pause
// a second late.
#include "soapstone/base/error.hpp"

#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr std::size_t least_memory = 2048; // bytes of a request that counts: data, not words

struct Plan {
  int rank = -1;
  char kind[16] = "", count_file[1024] = "", fault_file[1032] = "";
  long at = 0, seen = 0;
  bool active = false; ///< on this rank, between MPI_Init and MPI_Finalize
};
Plan plan;

/// Lines of standard error with the calls before them. No memory is asked for: that would count.
struct Lines {
  char text[1 << 16] = "";
  std::size_t used = 0;

  void add(const void* line, std::size_t size) {
    const auto room = sizeof(text) - used;
    const int length =
        std::snprintf(text + used, room, "%ld %.*s", plan.seen,
                      static_cast<int>(std::min<std::size_t>(size, 200)), static_cast<const char*>(line));
    if (length > 0)
      used += std::min(static_cast<std::size_t>(length), room - 1);
  }
};
Lines lines;

bool is_due(const char* kind) {
  if (!plan.active || std::strcmp(plan.kind, kind) != 0 || ++plan.seen != plan.at)
    return false;
  close(open(plan.fault_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  return true;
}

void begin() {
  const char* wish = std::getenv("SOAPSTONE_FAIL");
  int me = -1;
  PMPI_Comm_rank(MPI_COMM_WORLD, &me);
  if (wish == nullptr ||
      std::sscanf(wish, "%d %15s %ld %1023s", &plan.rank, plan.kind, &plan.at, plan.count_file) != 4)
    return;
  std::snprintf(plan.fault_file, sizeof(plan.fault_file), "%s.fault", plan.count_file);
  plan.active = plan.rank == me;
}

void* allocate(std::size_t size) {
  if (size >= least_memory && is_due("memory"))
    throw std::bad_alloc();
  if (void* memory = std::malloc(size == 0 ? 1 : size))
    return memory;
  throw std::bad_alloc();
}

void before_call() {
  constexpr const char* what = "a fault on purpose";
  if (is_due("mpi"))
    throw std::runtime_error(what);
  if (is_due("data"))
    throw soapstone::DataError(what);
  if (is_due("numerical"))
    throw soapstone::NumericalError(what);
  if (is_due("io"))
    throw soapstone::IoError(what);
}

/// Where a rank comes to meet others.
void before_rendezvous() {
  if (is_due("pause"))
    sleep(1);
  if (is_due("hang"))
    for (;;)
      sleep(3600);
}

} // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

extern "C" {

int MPI_Init_thread(int* argc, char*** argv, int required, int* provided) {
  const int status = PMPI_Init_thread(argc, argv, required, provided);
  begin();
  return status;
}

std::size_t fwrite(const void* data, std::size_t size, std::size_t count, std::FILE* file) {
  static const auto next = reinterpret_cast<decltype(&fwrite)>(dlsym(RTLD_NEXT, "fwrite"));
  if (plan.active && file == stderr)
    lines.add(data, size * count);
  return next(data, size, count, file);
}

int MPI_Finalize() {
  if (std::FILE* file = plan.active ? std::fopen(plan.count_file, "w") : nullptr) {
    std::fprintf(file, "%ld\n%s", plan.seen, lines.text);
    std::fclose(file);
  }
  plan.active = false;
  return PMPI_Finalize();
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  before_call();
  return PMPI_Bcast(data, count, type, root, comm);
}

int MPI_Allreduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  before_call();
  return PMPI_Allreduce(from, to, count, type, op, comm);
}

int MPI_Allgather(const void* from, int count, MPI_Datatype type, void* to, int to_count,
                  MPI_Datatype to_type, MPI_Comm comm) {
  before_call();
  return PMPI_Allgather(from, count, type, to, to_count, to_type, comm);
}

int MPI_Allgatherv(const void* from, int count, MPI_Datatype type, void* to, const int* counts,
                   const int* places, MPI_Datatype to_type, MPI_Comm comm) {
  before_call();
  return PMPI_Allgatherv(from, count, type, to, counts, places, to_type, comm);
}

int MPI_Barrier(MPI_Comm comm) {
  before_call();
  return PMPI_Barrier(comm);
}

int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm* made) {
  before_call();
  return PMPI_Comm_split(comm, color, key, made);
}

int MPI_Ibarrier(MPI_Comm comm, MPI_Request* request) {
  before_rendezvous();
  return PMPI_Ibarrier(comm, request);
}

int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request* request) {
  before_call();
  before_rendezvous();
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}

int MPI_Ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm, MPI_Request* request) {
  before_call();
  before_rendezvous();
  return PMPI_Ibcast(data, count, type, root, comm, request);
}
}
