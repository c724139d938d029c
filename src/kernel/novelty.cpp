// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/novelty.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;
using Structures = std::span<const structure::Structure>;

namespace {

// Squared distances below this share of the longest row's are rounding of the projections.
constexpr double lost = 1e-10;
// A direction counts as seen from where the references' squared components along it sum up to this share of a
// row's squared length.
constexpr double relative_noise = 1e-5;
// Far from the streams of splits and of contractions.
constexpr std::uint64_t first_stream = std::uint64_t{1} << 41;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

std::vector<std::int64_t> starts_of(const features::FeatureLayout& layout) {
  std::vector<std::int64_t> starts{0};
  for (const auto width : layout.widths)
    starts.push_back(starts.back() + width);
  return starts;
}

/// Calls visit(group, structure, first row) for every structure of a block.
template <typename Visit>
void for_structures(const FeatureBlock& block, Visit&& visit) {
  for (const auto& group : block.groups) {
    std::int64_t row = 0;
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      visit(group, s, row);
      row += group.environments[s];
    }
  }
}

/// Rows as a dense matrix, width x count, column-major, with zeros where a row has no features.
class DenseRows {
public:
  DenseRows(const features::FeatureLayout& layout, std::int64_t room)
      : starts_(starts_of(layout)), width_(layout.total_width()) {
    values_.reserve(at(room * width_));
  }

  std::int64_t width() const { return width_; }
  std::int64_t count() const { return count_; }
  double* row(std::int64_t r) { return values_.data() + r * width_; }
  const double* row(std::int64_t r) const { return values_.data() + r * width_; }

  /// `count` rows of zeros.
  void resize(std::int64_t count) {
    count_ = count;
    values_.resize(at(count * width_), 0.0);
  }
  void set(std::int64_t to, const FeatureGroup& group, std::int64_t from) {
    for (const auto& segment : group.segments)
      std::copy_n(group.values.data() + from * group.width + segment.offset, segment.width,
                  row(to) + starts_[at(segment.id)]);
  }

private:
  std::vector<std::int64_t> starts_;
  std::int64_t width_, count_ = 0;
  std::vector<double> values_;
};

/// Calls visit(features, first row) for the features of one structure, which come in parts if it is large.
template <typename Visit>
void for_blocks(const FeatureFunction& features, Structures structures, std::int64_t number, Visit&& visit) {
  const auto one = structures.subspan(at(number), 1);
  for (const auto& run : cut_rows(features, one, {}))
    visit(features(one, run), static_cast<std::int64_t>(run.atoms.first));
}

/// The rows at `places`, in their order.
DenseRows rows_at(const FeatureFunction& features, const features::FeatureLayout& layout,
                  Structures structures, std::span<const RowPlace> places) {
  std::map<std::int64_t, std::vector<std::size_t>> wanted; // structure: which places
  for (std::size_t i = 0; i < places.size(); ++i)
    wanted[places[i].structure].push_back(i);
  const auto count = static_cast<std::int64_t>(places.size());
  DenseRows rows(layout, count);
  rows.resize(count);
  for (const auto& of_structure : wanted) {
    const auto number = of_structure.first;
    if (number < 0 || number >= static_cast<std::int64_t>(structures.size()))
      throw IoError("a reference environment belongs to no training structure");
    for_blocks(features, structures, number, [&](const FeatureBlock& block, std::int64_t first) {
      const auto& group = block.groups.at(0);
      for (const auto i : of_structure.second) {
        const auto row = places[i].row;
        if (row < 0 || row >= group.size(0))
          throw IoError("a reference environment belongs to no atom");
        if (row >= first && row < first + group.environments.at(0))
          rows.set(static_cast<std::int64_t>(i), group, row - first);
      }
    });
  }
  return rows;
}

/// Candidates and where they come from.
struct Candidates {
  DenseRows rows;
  std::vector<RowPlace> places;
};

Candidates draw_candidates(const FeatureFunction& features, const features::FeatureLayout& layout,
                           Structures structures, const ReferenceSize& size, std::uint64_t seed) {
  const auto bytes = static_cast<std::int64_t>(sizeof(double)) * layout.total_width();
  const auto affordable = size.memory / std::max<std::int64_t>(1, bytes);
  const auto most = std::max<std::int64_t>(1, std::min(size.candidates, affordable));
  const auto total = static_cast<std::int64_t>(structures.size()), count = std::min(total, most);
  const auto quota = most / std::max<std::int64_t>(1, count);
  Candidates drawn{DenseRows(layout, most), {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto structure = i * total / count; // evenly out of all
    for_blocks(features, structures, structure, [&](const FeatureBlock& block, std::int64_t first) {
      const auto& group = block.groups.at(0);
      const auto order =
          random_permutation(group.size(0), seed, first_stream + static_cast<std::uint64_t>(structure));
      for (std::int64_t r = 0; r < std::min<std::int64_t>(quota, group.size(0)); ++r) {
        const auto row = order[at(r)];
        if (row < first || row >= first + group.environments.at(0))
          continue;
        drawn.rows.resize(drawn.rows.count() + 1);
        drawn.rows.set(drawn.rows.count() - 1, group, row - first);
        drawn.places.push_back({structure, row});
      }
    });
  }
  return drawn;
}

double square(const double* values, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i)
    sum += values[i] * values[i];
  return sum;
}

/// Pivots of the Cholesky decomposition of the Gram matrix of some rows, none below what rounding leaves.
std::vector<std::int64_t> pivots_of(const DenseRows& rows, std::int64_t most) {
  const auto n = rows.count();
  std::vector<double> left(at(n)), factor; // squared distances; columns of the factor
  for (std::int64_t r = 0; r < n; ++r)
    left[at(r)] = square(rows.row(r), rows.width());
  const double longest = n == 0 ? 0.0 : *std::max_element(left.begin(), left.end());
  std::vector<std::int64_t> pivots;
  std::vector<double> column(at(n)), coefficients;
  while (static_cast<std::int64_t>(pivots.size()) < std::min(most, n)) {
    const auto pivot = std::max_element(left.begin(), left.end()) - left.begin();
    if (!(left[at(pivot)] > lost * longest))
      break;
    const auto done = static_cast<std::int64_t>(pivots.size());
    linalg::gemv(linalg::Op::transpose, 1.0, {rows.row(0), rows.width(), n},
                 {rows.row(pivot), at(rows.width())}, 0.0, column);
    coefficients.clear();
    for (std::int64_t j = 0; j < done; ++j)
      coefficients.push_back(factor[at(pivot + j * n)]);
    if (done > 0)
      linalg::gemv(linalg::Op::none, -1.0, {factor.data(), n, done}, coefficients, 1.0, column);
    const double root = std::sqrt(left[at(pivot)]);
    for (std::int64_t r = 0; r < n; ++r) {
      column[at(r)] /= root;
      left[at(r)] -= column[at(r)] * column[at(r)];
    }
    left[at(pivot)] = 0;
    factor.insert(factor.end(), column.begin(), column.end());
    pivots.push_back(pivot);
  }
  return pivots;
}

double mean_square(const DenseRows& rows) {
  double sum = 0;
  for (std::int64_t r = 0; r < rows.count(); ++r)
    sum += square(rows.row(r), rows.width());
  return rows.count() == 0 ? 0.0 : sum / static_cast<double>(rows.count());
}

/// L^-1 R (count x width, column-major) with L Lᵀ = R Rᵀ + noise.
std::vector<double> whitened(const DenseRows& rows, double noise) {
  const auto n = rows.count(), width = rows.width();
  std::vector<double> gram(at(n * n)), result(at(n * width));
  linalg::syrk(linalg::Triangle::lower, linalg::Op::transpose, 1.0, {rows.row(0), width, n}, 0.0,
               {gram.data(), n, n});
  for (std::int64_t i = 0; i < n; ++i)
    gram[at(i * (n + 1))] += noise;
  if (linalg::potrf_lower({gram.data(), n, n}) >= 0)
    throw NumericalError("the features of the reference environments are all zero or not finite");
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t c = 0; c < width; ++c)
      result[at(i + c * n)] = rows.row(i)[c];
  for (std::int64_t c = 0; c < width; ++c) // L x = column
    for (std::int64_t j = 0; j < n; ++j) {
      double* x = result.data() + c * n;
      x[j] /= gram[at(j * (n + 1))];
      for (std::int64_t i = j + 1; i < n; ++i)
        x[i] -= gram[at(i + j * n)] * x[j];
    }
  return result;
}

} // namespace

RowVariance::RowVariance(const FeatureFunction& features, features::FeatureLayout layout,
                         Structures structures, std::span<const RowPlace> places, bool unit_rows)
    : layout_(std::move(layout)), starts_(starts_of(layout_)), width_(layout_.total_width()),
      unit_rows_(unit_rows) {
  const auto rows = rows_at(features, layout_, structures, places);
  size_ = rows.count();
  if (size_ > 0)
    whitened_ = whitened(rows, relative_noise * mean_square(rows));
}

std::vector<double> RowVariance::explained(const FeatureGroup& group) const {
  const auto rows = group.rows();
  std::vector<double> overlaps(at(size_ * rows), 0.0);
  if (size_ > 0)
    for (const auto& segment : group.segments)
      linalg::gemm(linalg::Op::none, linalg::Op::none, 1.0,
                   {whitened_.data() + size_ * starts_[at(segment.id)], size_, segment.width},
                   {group.values.data() + segment.offset, segment.width, rows, group.width}, 1.0,
                   {overlaps.data(), size_, rows});
  std::vector<double> squares(at(rows));
  for (std::int64_t r = 0; r < rows; ++r)
    squares[at(r)] = square(overlaps.data() + r * size_, size_);
  return squares;
}

std::vector<double> RowVariance::deviations(const FeatureBlock& block) const {
  std::vector<double> largest(at(block.structures), 0.0);
  std::vector<double> squares;
  const FeatureGroup* last = nullptr;
  for_structures(block, [&](const FeatureGroup& group, std::size_t s, std::int64_t first) {
    if (last != &group)
      squares = explained(group);
    last = &group;
    for (auto r = first; r < first + group.environments[s]; ++r) {
      const double length = square(group.values.data() + r * group.width, group.width);
      const double left = (unit_rows_ ? std::max(1.0, length) : length) - squares[at(r)];
      auto& most = largest[at(group.structures[s])];
      most = max_or_nan(most, std::sqrt(max_or_nan(left, 0.0)));
    }
  });
  return largest;
}

std::vector<RowPlace> choose_rows(const FeatureFunction& features, const features::FeatureLayout& layout,
                                  Structures structures, const ReferenceSize& size, std::uint64_t seed) {
  const auto drawn = draw_candidates(features, layout, structures, size, seed);
  std::vector<RowPlace> places;
  for (const auto pivot : pivots_of(drawn.rows, size.rows))
    places.push_back(drawn.places[at(pivot)]);
  return places;
}

} // namespace soapstone::kernel
