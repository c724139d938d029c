// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace soapstone {

/// Exit codes of the program; part of its interface.
enum class ExitCode : int {
  ok = 0,
  internal = 1,
  usage = 2,
  data = 3,
  numerical = 4,
  io = 5,
  resources = 6,
  stopped = 75 ///< stopped cleanly, a checkpoint was written
};

/// Base of every exception the project throws on purpose: a message for the user and the exit code it leads
/// to.
class Error : public std::runtime_error {
public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const noexcept { return code_; }

private:
  ExitCode code_;
};

/// A broken promise inside the program itself.
class InternalError : public Error {
public:
  explicit InternalError(const std::string& message);
};

/// A value that a parameter may not have. The libraries name parameters as their code does ("cutoff"), in
/// messages in backquotes; the program puts its keys in their place. `where` is "file:line" or "command
/// line"; it and `parameter` may be empty.
class ConfigError : public Error {
public:
  explicit ConfigError(const std::string& message, std::string parameter = {}, std::string where = {});
  const std::string& parameter() const noexcept { return parameter_; }
  const std::string& where() const noexcept { return where_; }

private:
  std::string parameter_, where_;
};

/// A place in an input file. Frames count from 0, lines from 1; negative or zero means unknown.
struct DataLocation {
  std::string file;
  std::int64_t frame = -1;
  std::int64_t line = 0;
};

/// "molecules.xyz: frame 12 (line 345)", as much of it as is known.
std::string to_string(const DataLocation& location);

/// Input data that cannot be used; names the place and what was expected there.
class DataError : public Error {
public:
  explicit DataError(const std::string& message, DataLocation location = {});
  const DataLocation& location() const noexcept { return location_; }

private:
  DataLocation location_;
};

/// A computation that lost its meaning: not positive definite, not finite, not converged.
class NumericalError : public Error {
public:
  explicit NumericalError(const std::string& message) : Error(ExitCode::numerical, message) {}
};

/// A file that cannot be opened, read whole, written or trusted.
class IoError : public Error {
public:
  explicit IoError(const std::string& message, std::string path = {});
  const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

/// More memory, ranks or 32-bit indices wanted than there are.
class ResourceError : public Error {
public:
  explicit ResourceError(const std::string& message) : Error(ExitCode::resources, message) {}
};

/// A clean stop asked for by a signal; the checkpoint is complete.
class Stopped : public Error {
public:
  explicit Stopped(const std::string& message) : Error(ExitCode::stopped, message) {}
};

} // namespace soapstone
