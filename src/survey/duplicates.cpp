// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/duplicates.hpp"

#include "limits.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace soapstone::survey {

namespace {

constexpr std::size_t most_compared = 2000; // comparisons of one structure with others

/// Counts pairs as they are found.
class PairList {
public:
  PairList(const Collection& data, std::span<const double> energies, double allowed)
      : data_(data), energies_(energies), allowed_(allowed), seen_(data.records.size(), false) {}

  void add(std::int64_t a, std::int64_t b) {
    const auto first = std::min(a, b), second = std::max(a, b);
    const auto x = static_cast<std::size_t>(first), y = static_cast<std::size_t>(second);
    const Pair pair{first, second, std::abs(energies_[x] - energies_[y])};
    ++found_.pairs;
    keep_first(found_.first, pair);
    if (!seen_[y]) {
      seen_[y] = true;
      ++found_.frames;
    }
    const auto &one = data_.records[x], &other = data_.records[y];
    found_.across_files += one.source != other.source ? 1 : 0;
    found_.across_splits += one.split != other.split ? 1 : 0;
    if (one.source != other.source || one.split != other.split)
      keep_first(found_.crossing, pair);
    if (pair.difference > allowed_) {
      ++found_.contradictions;
      keep_largest(found_.contradicting, pair);
    }
  }
  void stop_early() { found_.complete = false; }
  Duplicates take() { return std::move(found_); }

private:
  static bool comes_before(const Pair& a, const Pair& b) {
    return std::tie(a.second, a.first) < std::tie(b.second, b.first);
  }
  /// Keeps the pairs that come first in the files, whatever the order in which they are found.
  static void keep_first(std::vector<Pair>& list, const Pair& pair) {
    list.insert(std::upper_bound(list.begin(), list.end(), pair, comes_before), pair);
    if (list.size() > most_listed)
      list.pop_back();
  }
  static void keep_largest(std::vector<Pair>& list, const Pair& pair) {
    const auto larger = [](const Pair& a, const Pair& b) {
      return a.difference != b.difference ? a.difference > b.difference : comes_before(a, b);
    };
    list.insert(std::upper_bound(list.begin(), list.end(), pair, larger), pair);
    if (list.size() > most_listed)
      list.pop_back();
  }

  const Collection& data_;
  std::span<const double> energies_;
  double allowed_;
  std::vector<bool> seen_;
  Duplicates found_;
};

/// Returns the numbers of the records. Equal structures follow each other in the order of the files.
std::vector<std::int64_t> by_hash(const Collection& data) {
  std::vector<std::int64_t> order(data.records.size());
  std::iota(order.begin(), order.end(), 0);
  const auto hash = [&](std::int64_t i) { return data.records[static_cast<std::size_t>(i)].measures.exact; };
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return std::make_pair(hash(a), a) < std::make_pair(hash(b), b);
  });
  return order;
}

/// Returns one of each set of equal structures that have neighbours, sorted by composition and periodicity.
std::vector<std::int64_t> candidates(const Collection& data) {
  std::vector<std::int64_t> chosen;
  std::uint64_t last = 0;
  for (const auto i : by_hash(data)) {
    const auto& record = data.records[static_cast<std::size_t>(i)];
    const bool is_new = chosen.empty() || record.measures.exact != last;
    last = record.measures.exact;
    if (is_new && !is_free_atom(record) && record.measures.unusable == 0)
      chosen.push_back(i);
  }
  const auto kind = [&](std::int64_t i) {
    const auto& record = data.records[static_cast<std::size_t>(i)];
    return std::make_tuple(record.composition, record.periodic, i);
  };
  std::sort(chosen.begin(), chosen.end(), [&](auto a, auto b) { return kind(a) < kind(b); });
  return chosen;
}

using Axes = std::array<std::size_t, 3>;

/// Searches for near structures among those of one composition and periodicity.
class NearSearch {
public:
  NearSearch(const Collection& data, std::span<const std::int64_t> members)
      : data_(data), tolerance_(static_cast<float>(
                         near_tolerance(static_cast<std::size_t>(record(members.front()).atoms)))) {
    const auto axes = widest_axes(members);
    for (const auto i : members) {
      const auto& numbers = record(i).measures.fingerprint;
      std::array<std::int32_t, 3> cell{};
      for (std::size_t k = 0; k < 3; ++k)
        cell[k] = static_cast<std::int32_t>(std::floor(numbers[axes[k]] / tolerance_));
      entries_.push_back({cell, i});
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.cell, a.index) < std::tie(b.cell, b.index);
    });
  }

  /// Compares each pair of neighbouring cells once: each cell with its neighbours that come later in the
  /// order.
  void run(PairList& list) const {
    for (std::size_t e = 0; e < entries_.size(); ++e) {
      const auto [x, y, z] = entries_[e].cell;
      std::size_t left = most_compared;
      compare(e, e + 1, {x, y, z + 2}, left, list);
      for (const auto& [dx, dy] : {std::pair(0, 1), std::pair(1, -1), std::pair(1, 0), std::pair(1, 1)})
        compare(e, first_at({x + dx, y + dy, z - 1}), {x + dx, y + dy, z + 2}, left, list);
      if (left == 0)
        list.stop_early();
    }
  }

private:
  using CellIndex = std::array<std::int32_t, 3>;
  struct Entry {
    CellIndex cell;
    std::int64_t index;
  };

  const Record& record(std::int64_t i) const { return data_.records[static_cast<std::size_t>(i)]; }

  Axes widest_axes(std::span<const std::int64_t> members) const {
    Fingerprint mean{}, spread{};
    for (const auto i : members)
      for (std::size_t k = 0; k < mean.size(); ++k)
        mean[k] += record(i).measures.fingerprint[k] / static_cast<float>(members.size());
    for (const auto i : members)
      for (std::size_t k = 0; k < mean.size(); ++k)
        spread[k] += std::abs(record(i).measures.fingerprint[k] - mean[k]);
    std::array<std::size_t, std::tuple_size_v<Fingerprint>> order{};
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return spread[a] > spread[b]; });
    return {order[0], order[1], order[2]};
  }

  std::size_t first_at(const CellIndex& cell) const {
    const auto place =
        std::lower_bound(entries_.begin(), entries_.end(), cell,
                         [](const Entry& entry, const CellIndex& c) { return entry.cell < c; });
    return static_cast<std::size_t>(place - entries_.begin());
  }

  bool are_near(std::int64_t a, std::int64_t b) const {
    const auto &x = record(a).measures.fingerprint, &y = record(b).measures.fingerprint;
    for (std::size_t k = 0; k < x.size(); ++k)
      if (!(std::abs(x[k] - y[k]) <= tolerance_))
        return false;
    return true;
  }

  /// Compares entry e with those from `from` on whose cell comes before `end`.
  void compare(std::size_t e, std::size_t from, const CellIndex& end, std::size_t& left,
               PairList& list) const {
    for (; from < entries_.size() && entries_[from].cell < end && left > 0; ++from, --left)
      if (are_near(entries_[e].index, entries_[from].index))
        list.add(entries_[e].index, entries_[from].index);
  }

  const Collection& data_;
  float tolerance_;
  std::vector<Entry> entries_;
};

} // namespace

Duplicates exact_duplicates(const Collection& data, std::span<const double> energies, double allowed) {
  PairList list(data, energies, allowed);
  const auto order = by_hash(data);
  std::size_t first = 0;
  for (std::size_t e = 1; e < order.size(); ++e) {
    const auto hash = [&](std::size_t place) {
      return data.records[static_cast<std::size_t>(order[place])].measures.exact;
    };
    if (hash(e) == hash(first))
      list.add(order[first], order[e]);
    else
      first = e;
  }
  return list.take();
}

Duplicates near_duplicates(const Collection& data, std::span<const double> energies, double allowed) {
  PairList list(data, energies, allowed);
  const auto chosen = candidates(data);
  const auto same_kind = [&](std::int64_t a, std::int64_t b) {
    const auto &x = data.records[static_cast<std::size_t>(a)], &y = data.records[static_cast<std::size_t>(b)];
    return x.composition == y.composition && x.periodic == y.periodic;
  };
  for (std::size_t begin = 0, end; begin < chosen.size(); begin = end) {
    for (end = begin + 1; end < chosen.size() && same_kind(chosen[begin], chosen[end]);)
      ++end;
    if (end - begin > 1)
      NearSearch(data, std::span(chosen).subspan(begin, end - begin)).run(list);
  }
  return list.take();
}

} // namespace soapstone::survey
