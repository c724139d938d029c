// SPDX-License-Identifier: BSD-3-Clause
// Runs a fuzz target without libFuzzer, the same on every compiler and machine: every file of a folder, and
// mutations of each. Memory is counted: what a reader asks for may not exceed a bound set by the input's
// size.
//   fuzz_replay FOLDER [MUTATIONS_PER_SEED]      write-seeds FOLDER: the seeds that are made
#include "figure.hpp"
#include "mutations.hpp"
#include "target.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>

#include <malloc.h>

namespace {

constexpr std::size_t least_bound = std::size_t{8} << 20, bytes_per_byte = 256;

std::size_t live = 0, bound = 0; ///< bound 0: not watched
bool exceeded = false;

void* allocate(std::size_t size) {
  if (bound != 0 && live + size > bound) {
    exceeded = true;
    throw std::bad_alloc();
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr)
    throw std::bad_alloc();
  live += malloc_usable_size(memory);
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr)
    live -= malloc_usable_size(memory);
  std::free(memory);
}

} // namespace

void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}

namespace soapstone::fuzz {
namespace {

struct Tally {
  int accepted = 0, refused = 0, broken = 0;
};

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// Files whose names begin with "refused" must be, the others not.
bool as_named(const std::string& name, Verdict verdict) {
  return name.starts_with("refused") == (verdict == Verdict::refused);
}

void try_one(const std::string& name, const std::string& input, bool seed, Tally& tally) {
  std::string defect;
  bound = live + least_bound + bytes_per_byte * input.size();
  exceeded = false;
  try {
    const auto verdict = try_input(input);
    bound = 0;
    ++(verdict == Verdict::accepted ? tally.accepted : tally.refused);
    if (seed && !as_named(name, verdict))
      defect = "accepted, or refused, against its name";
  } catch (const std::exception& error) {
    bound = 0;
    defect = error.what();
  }
  bound = 0;
  if (exceeded)
    defect = "more memory than the input's size allows";
  if (defect.empty())
    return;
  ++tally.broken;
  write("fuzz-defect", input);
  std::printf("DEFECT: %s: %s (the last such input is in ./fuzz-defect)\n", name.c_str(), defect.c_str());
}

std::map<std::string, std::string> seeds_in(const char* folder) {
  std::map<std::string, std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    seeds[entry.path().filename().string()] = content(entry.path());
  int number = 0;
  for (const auto& made : made_seeds())
    seeds["made " + std::to_string(++number)] = made;
  return seeds;
}

int replay(const char* folder, int mutations) {
  const auto seeds = seeds_in(folder);
  std::vector<std::string> texts;
  texts.reserve(seeds.size());
  for (const auto& [name, text] : seeds)
    texts.push_back(text);
  const auto dictionary = words();
  Tally whole, mutated;
  for (const auto& [name, text] : seeds)
    try_one(name, text, true, whole);
  std::uint64_t seed = 0;
  for (const auto& [name, text] : seeds) {
    Mutations changed(++seed, texts, dictionary);
    for (int i = 0; i < mutations; ++i)
      try_one(name + " mutation " + std::to_string(i), changed.of(text), false, mutated);
  }
  std::printf("%zu seeds: %d accepted, %d refused; mutations: %d accepted, %d refused; %d defects\n",
              seeds.size(), whole.accepted, whole.refused, mutated.accepted, mutated.refused,
              whole.broken + mutated.broken);
  figure("fuzz_inputs", whole.accepted + whole.refused + mutated.accepted + mutated.refused);
  const bool both = whole.accepted > 0 && whole.refused > 0; // a target that does nothing is a defect
  return whole.broken + mutated.broken > 0 || !both ? 1 : 0;
}

} // namespace
} // namespace soapstone::fuzz

int main(int count, char** arguments) {
  using namespace soapstone::fuzz;
  if (count == 3 && std::string(arguments[1]) == "write-seeds") {
    int number = 0;
    for (const auto& made : made_seeds())
      write(std::filesystem::path(arguments[2]) / ("made" + std::to_string(++number)), made);
    return 0;
  }
  if (count < 2)
    return 2;
  return replay(arguments[1], count > 2 ? std::atoi(arguments[2]) : 200);
}
