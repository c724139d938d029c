// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace soapstone::parallel {

/// An error that all ranks of a communicator know of. `rank` is the lowest rank on which it occurred.
class AgreedError : public Error {
public:
  AgreedError(ExitCode code, const std::string& message, int rank) : Error(code, message), rank_(rank) {}
  int rank() const noexcept { return rank_; }

private:
  int rank_;
};

/// Holds what one rank knows of a failure before the ranks have talked about it.
struct Failure {
  ExitCode code = ExitCode::internal;
  std::string message;
};

/// The exception being handled, as a Failure (call inside a catch block). std::bad_alloc becomes a resource
/// error.
Failure current_failure();

/// Collective. Throws the same AgreedError on all ranks if any of them has a failure, else returns.
void agree_on(const Communicator& comm, const std::optional<Failure>& mine);

/// Collective. Runs `work`, which must not communicate, on every rank; if it throws on any, all ranks throw
/// the same AgreedError.
template <typename Work>
auto agree(const Communicator& comm, Work&& work) {
  using Result = decltype(work());
  std::optional<Failure> failure;
  if constexpr (std::is_void_v<Result>) {
    try {
      work();
    } catch (...) {
      failure = current_failure();
    }
    agree_on(comm, failure);
  } else {
    std::optional<Result> result;
    try {
      result.emplace(work());
    } catch (...) {
      failure = current_failure();
    }
    agree_on(comm, failure);
    return std::move(*result);
  }
}

/// Collective. All ranks come here after work that communicates, with what it threw or null; throws as
/// agree_on() does. See agree_after().
void agree_on_end(const Communicator& comm, const std::exception_ptr& thrown);

/// Collective. As agree(), of work that does communicate, but not over `comm`. When it throws on some ranks
/// alone, others may wait for them in the midst of it: those that failed wait a few seconds for all to come
/// here, and else throw their own exception again, which is to end the program (run_agreed).
template <typename Work>
auto agree_after(const Communicator& comm, Work&& work) {
  std::optional<decltype(work())> result;
  std::exception_ptr thrown;
  try {
    result.emplace(work());
  } catch (...) {
    thrown = std::current_exception();
  }
  agree_on_end(comm, thrown);
  return std::move(*result);
}

/// Collective. Runs the whole of a program on every rank and returns one exit code on all of them: the
/// largest that `work` returned, or that of the lowest rank with an exception, which alone prints its
/// message. An exception may have hit only some of the ranks while the rest wait for them: those that poll
/// for others (WaitHook) are called out of their work, by an exception that unwinds it as one of their own
/// would, and the job is aborted with the code. If some do not come even so within `patience` seconds, the
/// lowest rank that failed prints and aborts the job; so does one whose exception has no way out, as that of
/// a destructor. `print` receives the finished message.
int run_agreed(const Communicator& comm, const std::function<int()>& work,
               const std::function<void(const std::string&)>& print, double patience = 3.0);

} // namespace soapstone::parallel
