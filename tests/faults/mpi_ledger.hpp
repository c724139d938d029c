// SPDX-License-Identifier: BSD-3-Clause
// The books that mpi_ledger_calls.cpp keeps; see mpi_ledger.cpp.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace ledger {

enum Kind { communicators, groups, datatypes, requests, operations, windows, kinds };

void begin(); ///< after MPI_Init
void close(); ///< before MPI_Finalize: says what is wrong

/// Handles of any type as numbers.
template <typename T>
std::uintptr_t key(T handle) {
  std::uintptr_t bits = 0;
  static_assert(sizeof handle <= sizeof bits);
  std::memcpy(&bits, &handle, sizeof handle);
  return bits;
}

void note_opened(Kind kind, std::uintptr_t handle, const void* from);
void note_freed(Kind kind, std::uintptr_t handle);

template <typename T>
void opened(Kind kind, T handle, T null, const void* from) {
  if (handle != null)
    note_opened(kind, key(handle), from);
}

template <typename T>
void freed(Kind kind, T handle) {
  note_freed(kind, key(handle));
}

/// A communicator made from another one, at `from`.
void made_from(MPI_Comm parent, MPI_Comm made, const void* from);
/// The end of a communicator, of which the calls are kept.
void closed(MPI_Comm comm);
/// Notes a collective call on a communicator, and delays it if that is wished.
void called(MPI_Comm comm, const char* name, std::uint64_t detail = 0);
void delay();

/// What the ranks must agree on in a call with a root (-1: none) and messages of one size.
std::uint64_t detail(int root, int count, MPI_Datatype type);

/// Requests of an array that a call completes.
class Completion {
public:
  Completion(int count, MPI_Request* array) : array_(array), before_(array, array + count) { delay(); }
  ~Completion() {
    for (std::size_t i = 0; i < before_.size(); ++i)
      if (before_[i] != MPI_REQUEST_NULL && array_[i] == MPI_REQUEST_NULL)
        freed(requests, before_[i]);
  }
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

private:
  MPI_Request* array_;
  std::vector<MPI_Request> before_;
};

} // namespace ledger
