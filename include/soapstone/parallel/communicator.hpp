// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

namespace soapstone::parallel {

/// Initialises MPI (thread level FUNNELED) and finalises it, unless an exception is unwinding: MPI_Finalize
/// would then wait for ranks that never come.
class MpiEnvironment {
public:
  MpiEnvironment(int& argc, char**& argv);
  ~MpiEnvironment();
  MpiEnvironment(const MpiEnvironment&) = delete;
  MpiEnvironment& operator=(const MpiEnvironment&) = delete;

private:
  int exceptions_at_start_;
};

/// A communicator: owned (freed at the end) when made by split or duplicate, borrowed when wrapped.
class Communicator {
public:
  static Communicator world(); ///< borrowed MPI_COMM_WORLD
  static Communicator self();  ///< borrowed MPI_COMM_SELF
  static Communicator borrow(MPI_Comm comm);

  ~Communicator();
  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }
  MPI_Comm get() const noexcept { return comm_; }
  bool is_null() const noexcept { return comm_ == MPI_COMM_NULL; }

  /// Collective. Ranks with the same colour form a communicator ordered by key; a negative colour gets a null
  /// one.
  Communicator split(int color, int key) const;
  Communicator duplicate() const; ///< Collective.
  void barrier() const;

private:
  Communicator(MPI_Comm comm, bool owned);
  void release() noexcept;
  MPI_Comm comm_ = MPI_COMM_NULL;
  bool owned_ = false;
  int rank_ = -1, size_ = 0;
};

} // namespace soapstone::parallel
