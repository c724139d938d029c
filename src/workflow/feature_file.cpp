// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/feature_file.hpp"

#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <span>

namespace soapstone::workflow {

using structure::Structure;

namespace {

/// The consecutive environments of one rank, whichever structures they belong to.
struct Share {
  std::uint64_t first = 0, last = 0, total = 0;
  std::uint64_t count() const { return last - first; }
};

Share share_of(const std::vector<Structure>& structures, int rank, int ranks) {
  const auto total = static_cast<std::uint64_t>(kernel::count_rows(structures, kernel::RowsOf::environments));
  const auto before = [&](int r) {
    return total * static_cast<std::uint64_t>(r) / static_cast<std::uint64_t>(ranks);
  };
  return {before(rank), before(rank + 1), total};
}

/// Returns the rows of the features file that a share owns.
h5::Part rows_of(const Share& share) {
  return {share.count() == 0 ? share.total : share.first, std::max<std::uint64_t>(1, share.count()),
          share.total, share.total};
}

/// Calls visit(structure, atoms) for every structure that a share has atoms of.
template <typename Visit>
void for_atoms(const std::vector<Structure>& structures, const Share& share, Visit&& visit) {
  std::uint64_t before = 0;
  for (std::size_t s = 0; s < structures.size(); before += structures[s++].size()) {
    const auto first = std::max(before, share.first),
               last = std::min(before + structures[s].size(), share.last);
    if (first < last)
      visit(s, structure::AtomRange{first - before, last - first});
  }
}

/// Which structure and which of its atoms every environment of the share belongs to.
void write_labels(h5::ParallelWriter& file, const std::vector<Structure>& structures, const Share& share) {
  std::vector<std::int64_t> owners, atoms;
  for_atoms(structures, share, [&](std::size_t s, structure::AtomRange range) {
    for (auto a = range.first; a < range.first + range.count; ++a) {
      owners.push_back(static_cast<std::int64_t>(s));
      atoms.push_back(static_cast<std::int64_t>(a));
    }
  });
  file.write("/environment_structure", share.total, share.first, owners);
  file.write("/environment_atom", share.total, share.first, atoms);
}

/// Computes the rows of a share with all columns, some atoms at a time.
std::vector<double> dense_rows(const kernel::FeatureFunction& compute, const features::FeatureLayout& layout,
                               const std::vector<Structure>& structures, const Share& share) {
  std::vector<double> rows;
  rows.reserve(share.count() * static_cast<std::uint64_t>(layout.total_width()));
  const auto append = [&](const features::FeatureBlock& block) {
    const auto dense = features::to_dense(block, layout);
    rows.insert(rows.end(), dense.begin(), dense.end());
  };
  std::size_t first = 0, count = 0; // whole structures that are computed next
  const auto flush = [&] {
    for (const auto& run :
         kernel::cut_runs(std::span(structures).subspan(first, count), kernel::prediction_limits))
      append(compute(std::span(structures).subspan(first, count), run));
    count = 0;
  };
  for_atoms(structures, share, [&](std::size_t s, structure::AtomRange range) {
    if (range.count == structures[s].size()) {
      first = count++ == 0 ? s : first;
      return;
    }
    flush();
    const auto most = static_cast<std::size_t>(kernel::prediction_limits.part);
    for (std::size_t done = 0; done < range.count; done += most)
      append(compute(structures[s], {range.first + done, std::min(most, range.count - done)}));
  });
  flush();
  return rows;
}

} // namespace

FeatureMatrix write_features(const Context& context, const kernel::KernelSpec& spec,
                             const std::vector<Structure>& structures, const std::string& path) {
  auto& stages = context.stages;
  const auto& comm = stages.comm();
  const auto compute = kernel::make_features(spec);
  const auto layout = kernel::feature_layout(spec);
  const auto share = share_of(structures, comm.rank(), comm.size());
  const auto width = static_cast<std::uint64_t>(layout.total_width());

  planning::require_memory(stages.log(), context.machine, planning::features_command_need(spec, structures));
  const auto rows = stages.run("features", [&](const Progress&) {
    return parallel::agree(comm, [&] { return dense_rows(compute, layout, structures, share); });
  });
  stages.did(static_cast<double>(share.total), "environments");
  stages.run("write", [&](const Progress&) {
    h5::ParallelWriter file(comm, path);
    file.write("/features", rows_of(share), {0, width, width, width}, rows);
    write_labels(file, structures, share);
    file.attribute("/features", "elements", element_list(spec.elements));
    file.commit();
  });
  return {share.total, width};
}

} // namespace soapstone::workflow
