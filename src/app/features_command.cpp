// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/command_needs.hpp"
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/parallel/agree.hpp"

#include <algorithm>
#include <span>

namespace soapstone::app {

using structure::Structure;

namespace {

/// The consecutive structures of one rank and the environments before them.
struct Share {
  std::size_t first = 0, last = 0;
  std::uint64_t environments_before = 0, environments = 0, environments_total = 0;
};

Share share_of(const std::vector<Structure>& structures, int rank, int ranks) {
  const auto n = structures.size();
  Share share{n * static_cast<std::size_t>(rank) / static_cast<std::size_t>(ranks),
              n * static_cast<std::size_t>(rank + 1) / static_cast<std::size_t>(ranks), 0, 0, 0};
  for (std::size_t s = 0; s < n; ++s) {
    share.environments_total += structures[s].size();
    if (s < share.first)
      share.environments_before += structures[s].size();
    else if (s < share.last)
      share.environments += structures[s].size();
  }
  return share;
}

/// The rows of the features file that a share owns.
h5::Part rows_of(const Share& share) {
  const auto total = share.environments_total;
  return {share.environments == 0 ? total : share.environments_before,
          std::max<std::uint64_t>(1, share.environments), total, total};
}

/// Which structure and which of its atoms every environment of the share belongs to.
void write_labels(h5::ParallelWriter& file, const std::vector<Structure>& structures, const Share& share) {
  std::vector<std::int64_t> owners, atoms;
  for (auto s = share.first; s < share.last; ++s)
    for (std::size_t a = 0; a < structures[s].size(); ++a) {
      owners.push_back(static_cast<std::int64_t>(s));
      atoms.push_back(static_cast<std::int64_t>(a));
    }
  file.write("/environment_structure", share.environments_total, share.environments_before, owners);
  file.write("/environment_atom", share.environments_total, share.environments_before, atoms);
}

/// The first kernel, with rows per environment whatever its exponent.
kernel::KernelSpec first_spec(Session& session, const structure::DataSet& data) {
  const auto elements = channels_for(session.configuration(), elements_of(data.structures));
  return kernel_specs(session, elements, data.structures).front();
}

} // namespace

int features(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = output_file(configuration);
  require_outputs(session, path);
  const auto data = load_data(session, configuration.data.source, structure::Presence::optional);
  const auto spec = first_spec(session, data);
  const auto compute = kernel::make_features(spec);
  const auto layout = kernel::feature_layout(spec);
  const auto share = share_of(data.structures, session.comm().rank(), session.comm().size());
  const auto width = static_cast<std::uint64_t>(layout.total_width());

  require_memory(session, features_command_need(spec, data.structures));
  const auto rows = session.timer().run("features", [&](const Progress&) {
    return parallel::agree(session.comm(), [&] {
      const auto mine = std::span(data.structures).subspan(share.first, share.last - share.first);
      return soap::to_dense(compute(mine), layout);
    });
  });
  session.timer().did(static_cast<double>(share.environments_total), "environments");
  session.timer().run("write", [&](const Progress&) {
    h5::ParallelWriter file(session.comm(), path);
    file.write("/features", rows_of(share), {0, width, width, width}, rows.data());
    write_labels(file, data.structures, share);
    file.attribute("/features", "elements", element_list(spec.elements));
    file.commit();
  });
  session.console().line("features written to " + path);
  finish(session, Json{{"output", path}, {"environments", share.environments_total}, {"features", width}},
         {});
  return 0;
}

} // namespace soapstone::app
