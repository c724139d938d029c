// SPDX-License-Identifier: BSD-3-Clause
#include "fold_targets.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <set>

namespace soapstone::regression {

using structure::Structure;

namespace {

/// A structure of one atom, whose baseline energy is the element's.
Structure atom_of(std::uint8_t element) {
  Structure atom;
  atom.species = {element};
  atom.positions = {{0, 0, 0}};
  return atom;
}

/// Takes the values of [begin, end) to the end of the vector for as long as it lives: what lies outside them
/// is then contiguous and in order.
template <typename T>
class SetAside {
public:
  SetAside(std::vector<T>& values, std::int64_t begin, std::int64_t end)
      : values_(values), begin_(begin), size_(end - begin) {
    std::rotate(values_.begin() + begin_, values_.begin() + end, values_.end());
  }
  ~SetAside() { std::rotate(values_.begin() + begin_, values_.end() - size_, values_.end()); }
  SetAside(const SetAside&) = delete;
  SetAside& operator=(const SetAside&) = delete;
  std::span<const T> rest() const {
    return std::span<const T>(values_).first(values_.size() - static_cast<std::size_t>(size_));
  }

private:
  std::vector<T>& values_;
  std::int64_t begin_, size_;
};

} // namespace

FoldTargets::FoldTargets(const parallel::Communicator& comm, const ValidationProblem& problem)
    : folds_(problem.folds), energies_(problem.energies), left_out_(problem.left_out),
      targets_(static_cast<std::int64_t>(problem.energies.size())) {
  expects(folds_.offsets.back() == static_cast<std::int64_t>(problem.structures.size()),
          "folds of these structures");
  expects(left_out_.empty() || left_out_.size() == problem.structures.size(), "a flag for each structure");
  std::set<std::uint8_t> present;
  for (const auto& structure : problem.structures) {
    atoms_.push_back(static_cast<double>(structure.size()));
    present.insert(structure.species.begin(), structure.species.end());
  }
  elements_.assign(present.begin(), present.end());
  for (const auto& structure : problem.structures)
    for (const auto element : elements_)
      counts_.push_back(
          static_cast<double>(std::count(structure.species.begin(), structure.species.end(), element)));
  fit(comm, problem);
}

void FoldTargets::fit(const parallel::Communicator& comm, const ValidationProblem& problem) {
  const auto k = folds_.count();
  element_energies_.assign(elements_.size() * static_cast<std::size_t>(k * targets_), 0.0);
  parallel::agree(comm, [&] {
    std::vector<Structure> structures(problem.structures.begin(), problem.structures.end());
    auto energies = energies_;
    for (std::int64_t fold = comm.rank(); fold < k; fold += comm.size()) {
      const SetAside others(structures, folds_.begin(fold), folds_.end(fold));
      for (std::int64_t t = 0; t < targets_; ++t) {
        const SetAside known(energies[static_cast<std::size_t>(t)], folds_.begin(fold), folds_.end(fold));
        const auto baseline = problem.baseline(others.rest(), known.rest(), static_cast<std::size_t>(t));
        for (std::size_t e = 0; e < elements_.size(); ++e)
          element_energies_[e + elements_.size() * static_cast<std::size_t>(t + targets_ * fold)] =
              baseline.energy(atom_of(elements_[e]));
      }
    }
  });
  parallel::all_reduce(comm, std::span(element_energies_)); // all others hold zeros
}

double FoldTargets::baseline(std::int64_t fold, std::int64_t target, std::int64_t structure) const {
  const auto width = elements_.size();
  const double* counts = counts_.data() + width * static_cast<std::size_t>(structure);
  const double* energies =
      element_energies_.data() + width * static_cast<std::size_t>(target + targets_ * fold);
  double sum = 0;
  for (std::size_t e = 0; e < width; ++e)
    sum += counts[e] * energies[e];
  return sum;
}

double FoldTargets::deviation(std::int64_t fold, std::int64_t target, std::int64_t structure) const {
  const auto s = static_cast<std::size_t>(structure);
  return (energies_[static_cast<std::size_t>(target)][s] - baseline(fold, target, structure)) / atoms_[s];
}

double FoldTargets::right_hand_side(std::int64_t fold, std::int64_t target, std::int64_t structure) const {
  return holds_out(fold, structure) ? 0.0 : deviation(fold, target, structure);
}

double FoldTargets::energy(std::int64_t fold, std::int64_t target, std::int64_t structure,
                           double value) const {
  return atoms_[static_cast<std::size_t>(structure)] * value + baseline(fold, target, structure);
}

linalg::DistributedMatrix FoldTargets::columns(const linalg::ProcessGrid& grid, std::int64_t block,
                                               std::int64_t first, std::int64_t last) const {
  linalg::DistributedMatrix matrix(grid, structures(), (last - first) * targets_, block);
  for (std::int64_t col = 0; col < matrix.cols().local_size(); ++col) {
    const auto column = matrix.cols().to_global(col);
    for (std::int64_t row = 0; row < matrix.rows().local_size(); ++row)
      matrix.at_local(row, col) =
          right_hand_side(first + column / targets_, column % targets_, matrix.rows().to_global(row));
  }
  return matrix;
}

} // namespace soapstone::regression
