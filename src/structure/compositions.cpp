// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/compositions.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace soapstone::structure {

namespace {

constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;
constexpr std::size_t most_relations = 4; // Messages contain no more than these.

__extension__ using Wide = unsigned __int128; // no ISO type can hold the product of two residues

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % prime);
}

std::uint64_t minus(std::uint64_t a, std::uint64_t b) {
  return a >= b ? a - b : a + (prime - b);
}

/// Returns a^(p - 2), which is the inverse of a by Fermat's little theorem.
std::uint64_t inverse(std::uint64_t a) {
  std::uint64_t result = 1;
  for (auto power = prime - 2; power > 0; power >>= 1, a = times(a, a))
    if (power & 1)
      result = times(result, a);
  return result;
}

/// Computes row -= factor x other. The residues tell without rounding which elements become zero.
template <typename Row>
void subtract(Row& row, const Row& other, std::size_t column) {
  const auto residue = row.residues[column];
  const auto value = row.values[column];
  for (auto z = column; z < row.residues.size(); ++z) {
    row.residues[z] = minus(row.residues[z], times(residue, other.residues[z]));
    row.values[z] = row.residues[z] == 0 ? 0 : row.values[z] - value * other.values[z];
  }
}

/// Returns the least number, up to 1000, that makes all factors integers, or 1 if none does.
double common_denominator(const CompositionRelation& factors) {
  const auto integer = [](double value) { return std::abs(value - std::round(value)) < 1e-6; };
  for (int d = 1; d <= 1000; ++d)
    if (std::all_of(factors.begin(), factors.end(), [&](const auto& one) { return integer(one.second * d); }))
      return d;
  return 1;
}

void make_integers(CompositionRelation& factors) {
  const double denominator = common_denominator(factors);
  for (auto& [z, factor] : factors) {
    factor *= denominator;
    if (std::abs(factor - std::round(factor)) < 1e-3)
      factor = std::round(factor);
  }
}

/// Returns the formula in the order of E. A. Hill, J. Am. Chem. Soc. 22, 478 (1900): C, H, then by symbols.
std::string formula(const CompositionRelation& counts) {
  std::map<std::string, double> ordered;
  for (const auto& [z, count] : counts)
    ordered[(z == 6                         ? " "
             : z == 1 && counts.contains(6) ? "!"
                                            : "") +
            std::string(element_symbol(z))] = count;
  std::string text;
  for (const auto& [key, count] : ordered)
    text += key.substr(key.find_first_not_of(" !")) + (count == 1 ? "" : format("%.6g", count));
  return text;
}

/// Returns the numbers of atoms that structures of a single composition have, but for a common factor.
CompositionRelation only_composition(const CompositionSpan& span) {
  CompositionRelation counts{{span.elements().front(), 1.0}};
  for (const auto& relation : span.relations()) // each is one of the lightest element and another
    counts[relation.rbegin()->first] = -relation.begin()->second / relation.rbegin()->second;
  make_integers(counts);
  return counts;
}

} // namespace

Composition composition_of(const Structure& structure) {
  Composition counts;
  for (const auto z : structure.species)
    ++counts[z];
  return counts;
}

CompositionSpan::CompositionSpan(std::span<const Structure> structures) {
  std::size_t seen = 0;
  const auto is_new = [&](std::uint8_t z) { return !present_[z]; };
  for (const auto& structure : structures) {
    // A span that contains all compositions of its elements need not be tested again: this saves most
    // structures.
    if (rank() == seen && std::none_of(structure.species.begin(), structure.species.end(), is_new))
      continue;
    add(composition_of(structure));
    seen = elements().size();
  }
}

CompositionSpan::Row CompositionSpan::projected(const Composition& composition) const {
  Row row;
  for (const auto& [z, count] : composition) {
    row.residues[static_cast<std::size_t>(z)] = static_cast<std::uint64_t>(count);
    row.values[static_cast<std::size_t>(z)] = static_cast<long double>(count);
  }
  for (const auto& [z, count] : composition)
    if (const auto found = rows_.find(z); found != rows_.end())
      subtract(row, found->second, static_cast<std::size_t>(z));
  return row;
}

bool CompositionSpan::add(const Composition& composition) {
  for (const auto& [z, count] : composition)
    present_[static_cast<std::size_t>(z)] = true;
  auto row = projected(composition);
  const auto first = std::find_if(row.residues.begin(), row.residues.end(), [](auto r) { return r != 0; });
  if (first == row.residues.end())
    return false;
  const auto leading = static_cast<std::size_t>(first - row.residues.begin());
  const auto by = inverse(*first);
  const auto value = row.values[leading];
  for (auto z = leading; z < width; ++z) {
    row.residues[z] = times(row.residues[z], by);
    row.values[z] /= value;
  }
  for (auto& [z, other] : rows_)
    if (other.residues[leading] != 0)
      subtract(other, row, leading);
  rows_.emplace(static_cast<int>(leading), row);
  return true;
}

std::vector<int> CompositionSpan::elements() const {
  std::vector<int> found;
  for (std::size_t z = 0; z < width; ++z)
    if (present_[z])
      found.push_back(static_cast<int>(z));
  return found;
}

bool CompositionSpan::contains(const Composition& composition) const {
  const auto row = projected(composition);
  return std::all_of(row.residues.begin(), row.residues.end(), [](auto r) { return r == 0; });
}

double CompositionSpan::distance(const Composition& composition) const {
  if (contains(composition))
    return 0;
  double squares = 0;
  for (const auto& [z, count] : composition) // elements that are not in the span
    if (!present_[static_cast<std::size_t>(z)])
      squares += static_cast<double>(count) * static_cast<double>(count);
  std::vector<std::array<double, width>> directions; // orthonormal, of the relations
  for (const auto& relation : relations()) {
    std::array<double, width> direction{};
    for (const auto& [z, factor] : relation)
      direction[static_cast<std::size_t>(z)] = factor;
    for (int twice = 0; twice < 2; ++twice) // Gram-Schmidt, orthogonal to rounding the second time
      for (const auto& earlier : directions) {
        double overlap = 0;
        for (std::size_t z = 0; z < width; ++z)
          overlap += direction[z] * earlier[z];
        for (std::size_t z = 0; z < width; ++z)
          direction[z] -= overlap * earlier[z];
      }
    double norm = 0, along = 0;
    for (const double value : direction)
      norm += value * value;
    for (const auto& [z, count] : composition)
      along += direction[static_cast<std::size_t>(z)] * static_cast<double>(count);
    squares += along * along / norm;
    for (double& value : direction)
      value /= std::sqrt(norm);
    directions.push_back(direction);
  }
  return std::sqrt(squares);
}

std::vector<CompositionRelation> CompositionSpan::relations() const {
  std::vector<CompositionRelation> all;
  for (const int free : elements()) {
    if (rows_.contains(free))
      continue;
    CompositionRelation relation{{free, 1.0}};
    for (const auto& [z, row] : rows_)
      if (row.residues[static_cast<std::size_t>(free)] != 0)
        relation[z] = -static_cast<double>(row.values[static_cast<std::size_t>(free)]);
    make_integers(relation);
    all.push_back(std::move(relation));
  }
  return all;
}

std::string to_string(const CompositionRelation& relation) {
  std::string left, right;
  for (const auto& [z, factor] : relation) {
    auto& side = factor < 0 ? left : right;
    side += (side.empty() ? "" : " + ") + (std::abs(factor) == 1 ? "" : format("%.6g ", std::abs(factor))) +
            std::string(element_symbol(z));
  }
  return left + " = " + right;
}

std::string describe_deficiency(const CompositionSpan& span, const std::string& noun) {
  if (!span.deficient())
    return {};
  if (span.rank() == 1)
    return "every " + noun + " has the composition " + formula(only_composition(span)) +
           " or a multiple of it";
  const auto relations = span.relations();
  std::string text = "in every " + noun + " the numbers of atoms obey ";
  for (std::size_t i = 0; i < std::min(most_relations, relations.size()); ++i)
    text += (i == 0 ? "" : ", ") + to_string(relations[i]);
  return text + (relations.size() > most_relations
                     ? format(" and %zu relations more", relations.size() - most_relations)
                     : "");
}

std::vector<int> undetermined_elements(const CompositionSpan& span) {
  std::set<int> found;
  for (const auto& relation : span.relations())
    for (const auto& [z, factor] : relation)
      found.insert(z);
  return {found.begin(), found.end()};
}

} // namespace soapstone::structure
