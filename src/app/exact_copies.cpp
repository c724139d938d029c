// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/exact_copies.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <unordered_map>

namespace soapstone::app {

using structure::Structure;

namespace {

/// Hashes 64-bit words by FNV-1a. 0 and -0 have the same hash.
std::uint64_t hash_of(const Structure& structure) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](std::uint64_t word) { hash = (hash ^ word) * 1099511628211u; };
  const auto add_number = [&](double x) {
    std::uint64_t word = 0;
    const double plain = x + 0.0;
    std::memcpy(&word, &plain, sizeof word);
    add(word ^ (word >> 32));
  };
  for (const auto z : structure.species)
    add(z);
  for (const auto& position : structure.positions)
    for (const double x : position)
      add_number(x);
  for (const auto& vector : structure.cell.vectors)
    for (const double x : vector)
      add_number(x);
  return hash;
}

/// A set of structures, which are compared by their atoms and cells.
class Known {
public:
  explicit Known(std::span<const Structure> structures) : structures_(structures) {}

  void add(std::size_t index) { places_.emplace(hash_of(structures_[index]), index); }

  std::optional<std::size_t> find(const Structure& structure) const {
    const auto [begin, end] = places_.equal_range(hash_of(structure));
    for (auto place = begin; place != end; ++place)
      if (structures_[place->second] == structure)
        return place->second;
    return std::nullopt;
  }

private:
  std::span<const Structure> structures_;
  std::unordered_multimap<std::uint64_t, std::size_t> places_;
};

void count(ExactCopies& copies, std::size_t copy, std::size_t other) {
  if (copies.count++ == 0) {
    copies.copy = copy;
    copies.other = other;
  }
}

} // namespace

ExactCopies copies_of(std::span<const Structure> structures, std::span<const Structure> others) {
  Known known(others);
  ExactCopies copies;
  for (std::size_t i = 0; i < others.size() && !structures.empty(); ++i)
    known.add(i);
  for (std::size_t i = 0; i < structures.size(); ++i)
    if (const auto other = known.find(structures[i]))
      count(copies, i, *other);
  return copies;
}

ExactCopies copies_within(std::span<const Structure> structures) {
  Known known(structures);
  ExactCopies copies;
  for (std::size_t i = 0; i < structures.size(); ++i)
    if (const auto other = known.find(structures[i]))
      count(copies, i, *other);
    else
      known.add(i);
  return copies;
}

} // namespace soapstone::app
