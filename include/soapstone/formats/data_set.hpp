// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/formats/frame.hpp"
#include "soapstone/formats/target_spec.hpp"

#include <optional>

namespace soapstone::formats {

/// Files of structures and their format.
struct DataSource {
  std::vector<std::string> paths;
  Format format = Format::automatic;
  bool keep_info = false; ///< fill DataSet::info
};

/// Says how many frames must have the targets: each, one at least, or none.
enum class Presence { required, expected, optional };

/// Structures and their targets. target[t][s]: property t of structure s, eV per structure; NaN where the
/// file has none. The structures know their origin.
struct DataSet {
  std::vector<structure::Structure> structures;
  std::vector<std::vector<double>> targets;
  std::vector<std::vector<InfoEntry>> info =
      {}; ///< of each comment line, if DataSource::keep_info; else empty
  /// Describes the first frame that states a target in another unit (energy_unit=hartree) or scope
  /// (energy_scope=per-atom) than that of its TargetSpec; empty if there is none.
  std::string contradiction = {};
  /// Further contents of the files that their authors may have meant differently than they are read, each
  /// with its first place.
  std::vector<std::string> warnings = {};
  std::size_t size() const noexcept { return structures.size(); }
};

/// Reads all frames of all paths. Where targets are required, a frame without one of them is a DataError that
/// lists the keys that the frame does have; where they are expected, a target that is in no frame is one,
/// with the keys that there are; a target that is not a finite number, or beyond 1e15 eV, always is one.
DataSet read_data_set(const DataSource& source, const std::vector<TargetSpec>& targets, Presence presence,
                      const Progress& progress = {});

/// The structures and their targets at `indices`, in that order.
DataSet subset(const DataSet& data, const std::vector<std::int64_t>& indices);

} // namespace soapstone::formats
