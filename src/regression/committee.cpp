// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/committee.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/regression/compact_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace soapstone::regression {

namespace {

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

std::vector<IndexRange> seen_by(std::int64_t member, std::int64_t n) {
  std::vector<IndexRange> ranges;
  for (std::int64_t block = 0; block < committee_blocks; ++block)
    if (committee_learns(member, block))
      ranges.push_back(committee_block(n, block));
  return ranges;
}

/// Calls visit(index in the whole, index among those of the ranges).
template <typename Visit>
void for_indices(const std::vector<IndexRange>& ranges, Visit&& visit) {
  std::int64_t within = 0;
  for (const auto& range : ranges)
    for (auto i = range.begin; i < range.end; ++i)
      visit(i, within++);
}

/// Holds what the members say of the structures of the training set, n x (targets x members) as their
/// coefficients.
struct Members {
  std::vector<double> coefficients, values;
};

/// Coefficients of one member, in the places of the structures that it has seen, and there its leave-one-out
/// values y_i - x_i / ((K + lambda I)^-1)_ii as well.
void fit_member(const KernelRidge& problem, std::int64_t member, const std::vector<double>& targets,
                std::int64_t k, Members& found) {
  const auto n = problem.size();
  const auto ranges = seen_by(member, n);
  auto part = problem.restricted(ranges);
  part.factorize();
  const auto m = part.size();
  std::vector<double> own(at(m * k));
  for (std::int64_t t = 0; t < k; ++t)
    for_indices(ranges, [&](std::int64_t i, std::int64_t j) { own[at(j + t * m)] = targets[at(i + t * n)]; });
  const auto fit = part.solve(own, k);
  const auto inverse = linalg::gather_diagonal(std::move(part).inverse().matrix);
  for (std::int64_t t = 0; t < k; ++t)
    for_indices(ranges, [&](std::int64_t i, std::int64_t j) {
      const auto to = at(i + (t * committee_members + member) * n), from = at(j + t * m);
      found.coefficients[to] = fit.coefficients[from];
      found.values[to] = own[from] - fit.coefficients[from] / inverse[at(j)];
    });
}

/// Values of the members for the structures that they have not seen, beside those that stand there already.
void add_unseen(const KernelRidge& problem, std::int64_t k, Members& found) {
  const auto n = problem.size();
  const auto all = problem.multiply(found.coefficients, k * committee_members);
  for (std::int64_t column = 0; column < k * committee_members; ++column)
    for (std::int64_t block = 0; block < committee_blocks; ++block)
      if (!committee_learns(column % committee_members, block))
        for_indices({committee_block(n, block)}, [&](std::int64_t i, std::int64_t) {
          found.values[at(i + column * n)] = all[at(i + column * n)];
        });
}

/// |residual| / spread, ascending, where there is a spread.
std::vector<double> standardized(std::span<const double> residuals, std::span<const double> spread) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < residuals.size(); ++i)
    if (spread[i] > 0)
      ratios.push_back(std::abs(residuals[i]) / spread[i]);
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

} // namespace

IndexRange committee_block(std::int64_t n, std::int64_t block) {
  return {n * block / committee_blocks, n * (block + 1) / committee_blocks};
}

// Row r of Sylvester's Hadamard matrix has (-1)^popcount(r & block) in column `block`.
bool committee_learns(std::int64_t member, std::int64_t block) {
  const auto row = static_cast<unsigned>(member / 2 + 1);
  return std::popcount(row & static_cast<unsigned>(block)) % 2 == member % 2;
}

std::int64_t committee_memory(std::int64_t n, std::int64_t targets, std::int64_t block,
                              linalg::GridShape grid) {
  constexpr std::int64_t copies = 6;
  const auto half = (n + 1) / 2;
  return linalg::local_bytes(half, half, block, grid) +
         static_cast<std::int64_t>(sizeof(double)) * copies * n * targets * committee_members;
}

double conformal_quantile(std::span<const double> sorted, double share) {
  if (sorted.empty())
    return 0;
  const auto n = static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::clamp(std::ceil((n + 1) * share), 1.0, n)) - 1];
}

Committee train_committee(KernelRidge&& problem, const std::vector<double>& coefficients,
                          const std::vector<double>& targets, std::int64_t k, const Progress& progress) {
  const auto n = problem.size();
  const auto numbers = at(n * k * committee_members);
  Members found{std::vector<double>(numbers), std::vector<double>(numbers)};
  for (std::int64_t member = 0; member < committee_members; ++member) {
    fit_member(problem, member, targets, k, found);
    if (progress)
      progress(static_cast<double>(member + 1) / static_cast<double>(committee_members + 5));
  }
  add_unseen(problem, k, found);
  const auto inverse = linalg::gather_diagonal(std::move(problem).inverse().matrix);
  Committee committee;
  committee.members = committee_members;
  committee.coefficients = std::move(found.coefficients);
  for (std::int64_t t = 0; t < k; ++t) {
    std::vector<double> residuals(at(n)); // leaving one out: alpha_i / G_ii
    for (std::int64_t i = 0; i < n; ++i)
      residuals[at(i)] = coefficients[at(i + t * n)] / inverse[at(i)];
    const auto own =
        std::span(found.values).subspan(at(t * committee_members * n), at(committee_members * n));
    const auto ratios = standardized(residuals, spreads(own, n, committee_members));
    committee.scales.push_back(conformal_quantile(ratios, error_bar_share));
    committee.intervals.push_back(conformal_quantile(ratios, interval_share));
  }
  return committee;
}

std::vector<double> spreads(std::span<const double> values, std::int64_t n, std::int64_t members) {
  std::vector<double> result(at(n), 0.0);
  for (std::int64_t i = 0; i < n; ++i) {
    double number = 0, mean = 0, squares = 0; // Welford's recurrence
    for (std::int64_t m = 0; m < members; ++m) {
      const double value = values[at(i + m * n)], change = value - mean;
      mean += change / ++number;
      squares += change * (value - mean);
    }
    result[at(i)] = number > 1 ? std::sqrt(squares / (number - 1)) : 0.0;
  }
  return result;
}

void write_committee(h5::Writer& file, const Committee& committee, std::size_t training) {
  if (committee.members == 0)
    return;
  file.write("/committee/coefficients", committee.coefficients,
             {static_cast<std::uint64_t>(committee.members) * committee.scales.size(), training});
  file.write("/committee/scales", committee.scales);
  if (!committee.intervals.empty())
    file.write("/committee/intervals", committee.intervals);
  file.attribute("/committee", "members", committee.members);
  write_compact(file, committee.forms, "/committee/compact");
}

Committee read_committee(const h5::Reader& file, const std::vector<kernel::KernelSpec>& kernels,
                         std::size_t training, std::size_t targets) {
  Committee committee;
  if (!file.exists("/committee"))
    return committee;
  committee.members = file.attribute_integer("/committee", "members");
  if (committee.members < 2 || committee.members > 1000) // before anything is multiplied with it
    throw IoError("2 to 1000 members expected in /committee", file.path());
  committee.scales = file.read_doubles("/committee/scales");
  if (file.exists("/committee/intervals")) // models of older programs have none
    committee.intervals = file.read_doubles("/committee/intervals");
  committee.coefficients = file.read_doubles("/committee/coefficients");
  committee.forms = read_compact(file, kernels, "/committee/compact");
  const auto columns = static_cast<std::int64_t>(targets) * committee.members;
  bool whole = committee.scales.size() == targets &&
               committee.coefficients.size() == static_cast<std::size_t>(columns) * training;
  const auto finite = [](double value) { return std::isfinite(value); };
  const auto factor = [](double value) { return std::isfinite(value) && value >= 0; };
  whole = whole && (committee.intervals.empty() || committee.intervals.size() == targets) &&
          std::all_of(committee.scales.begin(), committee.scales.end(), factor) &&
          std::all_of(committee.intervals.begin(), committee.intervals.end(), factor) &&
          std::all_of(committee.coefficients.begin(), committee.coefficients.end(), finite);
  for (const auto& form : committee.forms)
    whole = whole && form.targets() == columns;
  if (!whole)
    throw IoError("the committee does not belong to the model: /committee", file.path());
  return committee;
}

} // namespace soapstone::regression
