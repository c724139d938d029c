// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/extxyz_columns.hpp"
#include "soapstone/formats/text_source.hpp"

#include <optional>

namespace soapstone::formats {

/// Extended XYZ by ASE's rules (ase/io/extxyz.py of ASE 3.22): Lattice without pbc means periodic; Properties
/// is species:S:1:pos:R:3 unless given, and then further columns are ignored; species in any case; lines
/// VEC1 to VEC3 after the atoms give a cell. Stricter than ASE: blank lines between frames do not end the
/// file but separate frames; species and Z must agree; a periodic direction needs a cell vector; lines have
/// as many columns as Properties says; positions and cells must be finite. More lenient: D exponents, atomic
/// numbers as species, True and False in pbc, reserved keys in another case (reserved_keys.hpp), lists of
/// lists, whatever other columns hold.
class ExtxyzReader : public FrameReader {
public:
  explicit ExtxyzReader(std::unique_ptr<TextSource> text) : text_(std::move(text)) {}
  bool next(Frame& frame) override;
  double done() const override { return text_->done(); }

private:
  bool read_count(std::int64_t& atoms);
  void read_comment(Frame& frame);
  void take_layout(Frame& frame, const std::optional<std::string>& given);
  void read_atoms(Frame& frame, std::int64_t atoms);
  void read_cell_lines(Frame& frame);
  DataLocation here() const { return {text_->name(), frame_, text_->line_number()}; }
  [[noreturn]] void refuse(const std::string& expected, std::string_view found) const;

  std::unique_ptr<TextSource> text_;
  ColumnLayout layout_;
  std::int64_t frame_ = -1;
  std::int64_t comment_line_ = 0;
  bool has_lattice_ = false; // in the comment line of this frame
};

} // namespace soapstone::formats
