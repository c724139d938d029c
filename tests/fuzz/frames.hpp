// SPDX-License-Identifier: BSD-3-Clause
// What both readers of structures promise of every frame, and that the writer gives back the same bits.
#pragma once

#include "memory_stream.hpp"
#include "target.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/formats/extxyz_reader.hpp"
#include "soapstone/formats/extxyz_writer.hpp"
#include "soapstone/structure/cell.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <sstream>
#include <utility>

namespace soapstone::fuzz {

inline bool same_bits(const structure::Vec3& a, const structure::Vec3& b) {
  for (std::size_t k = 0; k < 3; ++k)
    if (std::bit_cast<std::uint64_t>(a[k]) != std::bit_cast<std::uint64_t>(b[k]))
      return false;
  return true;
}

inline void require_sound(const formats::Frame& frame) {
  const auto& s = frame.structure;
  require(!s.species.empty() && s.species.size() == s.positions.size(), "a position for every atom");
  for (const int z : s.species)
    require(z >= 1 && z <= 118, "atomic numbers from 1 to 118");
  for (const auto& position : s.positions)
    for (const double x : position)
      require(std::isfinite(x), "finite coordinates");
  require(structure::cell_defect(s.cell).empty(), "a cell without defect");
  for (const auto& array : frame.arrays)
    require(array.values.size() == s.size() * static_cast<std::size_t>(array.columns), "full columns");
}

/// The entries that a comment line can hold, the last of each key, as write_extxyz promises to keep them.
inline std::set<std::pair<std::string, std::string>> kept_entries(const formats::Frame& frame) {
  std::set<std::pair<std::string, std::string>> kept;
  for (const auto& entry : frame.info)
    if (!entry.key.empty() && !entry.value.empty() && frame.find(entry.key) == &entry.value)
      kept.emplace(entry.key, entry.value);
  return kept;
}

inline void require_same(const formats::Frame& a, const formats::Frame& b) {
  require(a.structure.species == b.structure.species, "the species written and read again");
  for (std::size_t i = 0; i < a.structure.size(); ++i)
    require(same_bits(a.structure.positions[i], b.structure.positions[i]),
            "the positions' bits written and read again");
  for (std::size_t k = 0; k < 3; ++k)
    require(a.structure.cell == structure::Cell{} ||
                same_bits(a.structure.cell.vectors[k], b.structure.cell.vectors[k]),
            "the cell's bits written and read again");
  require(a.structure.cell.periodic == b.structure.cell.periodic, "the periodicity written and read again");
  require(kept_entries(a) == kept_entries(b), "the comment's entries written and read again");
  require(a.arrays.size() == b.arrays.size(), "the columns written and read again");
}

/// The text of a frame is read as the same frame, whose text is the same.
inline void require_round_trip(const formats::Frame& frame) {
  std::ostringstream out, again;
  write_extxyz(out, frame);
  const auto text = out.str();
  formats::ExtxyzReader reader(text_source(text));
  formats::Frame copy;
  require(reader.next(copy), "what was written to be read again");
  require_same(frame, copy);
  write_extxyz(again, copy);
  require(again.str() == text, "the text written twice to be the same");
  require(!reader.next(copy), "one frame where one was written");
}

/// Reads all frames of a text with one of the readers; `check` sees each of them.
template <typename Reader, typename Check>
Verdict try_frames(const std::string& input, const Check& check) {
  try {
    Reader reader(text_source(input));
    formats::Frame frame;
    while (reader.next(frame)) {
      require_sound(frame);
      check(frame);
      try {
        require_round_trip(frame);
      } catch (const Error& error) {
        throw Broken(std::string("what was written is refused: ") + error.what());
      }
    }
  } catch (const DataError& error) {
    require_clear(error.what(), input);
    require(std::string(error.what()).find("in.xyz") != std::string::npos, "a message that names the file");
    return Verdict::refused;
  }
  return Verdict::accepted;
}

} // namespace soapstone::fuzz
