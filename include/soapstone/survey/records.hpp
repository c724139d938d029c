// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/survey/composition_table.hpp"
#include "soapstone/survey/key_table.hpp"
#include "soapstone/survey/measures.hpp"

namespace soapstone::survey {

/// The numbers that are kept of one frame.
struct Record {
  std::int32_t source = 0, name = 0; ///< number of the path that was given, and of the file there
  std::int64_t frame = -1, line = 0; ///< as in DataLocation
  std::int32_t composition = 0, atoms = 0;
  std::int32_t split = -1;   ///< number of the value of a key such as split=train; -1: none
  std::int32_t periodic = 0; ///< bit k: direction k repeats
  double target = 0;         ///< as in the file; NaN: none, infinite: not a finite number
  double pressure = 0;       ///< trace of the virial over 3 V, or of minus the stress over 3; NaN: none
  Measures measures{};
};

/// Returns whether the structure is one atom without neighbours.
inline bool is_free_atom(const Record& record) {
  return record.atoms == 1 && record.measures.lone_atoms == 1;
}

/// The keys of the frames that are read as target, forces, virial or stress, and split; empty: none.
struct ChosenKeys {
  std::string target, forces, stress, split;
};

/// All that is kept of the frames that were read.
struct Collection {
  std::vector<std::string> paths, names;
  std::vector<Record> records;
  CompositionTable compositions;
  KeyTable keys;
  ChosenKeys chosen;
  std::vector<std::string> splits;         ///< values of the key by which structures are split
  std::vector<structure::Structure> first; ///< the first 50, for checks of units

  DataLocation place(std::int64_t record) const;
};

/// Adds frames to a collection, one after the other.
class Collector {
public:
  /// `target` is the key that is wanted. Another key that looks like an energy is chosen if a frame has one
  /// before any frame has the wanted key.
  Collector(Collection& collection, std::string target);
  /// Adds a frame with everything but the measures.
  void add(const formats::Frame& frame, std::int32_t source);
  /// Returns the forces of the frame, one per atom, or nothing where it has none.
  std::vector<structure::Vec3> forces_of(const formats::Frame& frame) const;

private:
  void choose(const formats::Frame& frame);
  std::int32_t name_of(const std::string& file);
  std::int32_t split_of(const formats::Frame& frame);
  Collection& collection_;
  std::string wanted_;
  std::unordered_map<std::string, std::int32_t> names_, splits_;
};

} // namespace soapstone::survey
