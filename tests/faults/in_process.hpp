// SPDX-License-Identifier: BSD-3-Clause
// The program run inside the test's own process, thousands of times in minutes; what a fault leaves behind in
// one run meets the next ones.
#pragma once

#include "soapstone/commands/run.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace soapstone::faults {

/// What a run left behind: exit code, error messages and standard output of this rank.
struct Outcome {
  int code = 0;
  std::vector<std::string> errors;
  std::string out;

  std::string text() const {
    std::string all = "exit code " + std::to_string(code);
    for (const auto& error : errors)
      all += "\n" + error;
    return all;
  }
};

/// Standard error goes nowhere for the life of the object.
class Silence {
public:
  Silence() : kept_(::dup(STDERR_FILENO)) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDERR_FILENO);
    ::close(nowhere);
  }
  ~Silence() {
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

private:
  int kept_;
};

/// Collective over all ranks. `soapstone <arguments>`, as main() runs it.
inline Outcome run(const std::vector<std::string>& arguments) {
  Outcome outcome;
  std::ostringstream out;
  auto* const usual = std::cout.rdbuf(out.rdbuf());
  {
    const Silence silence;
    const auto world = parallel::Communicator::world();
    outcome.code = parallel::run_agreed(
        world, [&] { return commands::run_program(world, arguments); },
        [&](const std::string& message) { outcome.errors.push_back(message); });
  }
  std::cout.rdbuf(usual);
  outcome.out = out.str();
  return outcome;
}

inline bool is_root() {
  return parallel::Communicator::world().rank() == 0;
}

inline void all_are_here() {
  parallel::all_reduce(parallel::Communicator::world(), 0);
}

/// Collective. A folder that all ranks share, in memory where the system has such; removed at the end.
class Folder {
public:
  Folder() {
    if (is_root())
      make();
    parallel::broadcast(parallel::Communicator::world(), path_);
  }
  ~Folder() {
    all_are_here();
    std::error_code none;
    if (is_root())
      std::filesystem::remove_all(path_, none);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
      found.insert(std::filesystem::relative(entry.path(), path_).string());
    return found;
  }

private:
  void make() {
    std::error_code none;
    const auto where = std::filesystem::is_directory("/dev/shm", none)
                           ? std::filesystem::path("/dev/shm")
                           : std::filesystem::temp_directory_path();
    std::string name = (where / "soapstone-faults-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no scratch folder " + name);
    path_ = name;
  }

  std::string path_;
};

inline std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Collective.
inline void write(const std::string& path, const std::string& text) {
  std::error_code none;
  if (is_root()) {
    std::filesystem::remove(path, none); // overwriting in place may wait for the disk
    std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  all_are_here();
}

/// `short_form` cases, or as many times more as SOAPSTONE_FAULT_FACTOR says (the long form of a test). With
/// AddressSanitizer, where everything is slow, a tenth.
inline int cases(int short_form) {
#ifdef __SANITIZE_ADDRESS__
  short_form = std::max(1, short_form / 10);
#endif
  const char* factor = std::getenv("SOAPSTONE_FAULT_FACTOR");
  return factor == nullptr ? short_form : short_form * std::max(1, std::atoi(factor));
}

} // namespace soapstone::faults
