// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/extxyz_columns.hpp"
#include "soapstone/structure/text_source.hpp"

namespace soapstone::structure {

/// Extended XYZ by ASE's rules (ase/io/extxyz.py of ASE 3.22): Lattice without pbc means periodic; Properties
/// is species:S:1:pos:R:3 unless given; columns beyond those it names are ignored; species in any case; lines
/// VEC1 to VEC3 after the atoms give a cell. Stricter than ASE: blank lines between frames do not end the
/// file but separate frames; species and Z must agree; a periodic direction needs a cell vector; everything
/// must be finite. More lenient: D exponents, atomic numbers as species, True and False in pbc.
class ExtxyzReader : public FrameReader {
public:
  explicit ExtxyzReader(std::unique_ptr<TextSource> text) : text_(std::move(text)) {}
  bool next(Frame& frame) override;
  double done() const override { return text_->done(); }

private:
  bool read_count(std::int64_t& atoms);
  void read_comment(Frame& frame);
  void take_cell(Frame& frame);
  void take_layout(Frame& frame);
  void read_atoms(Frame& frame, std::int64_t atoms);
  void read_cell_lines(Frame& frame);
  DataLocation here() const { return {text_->name(), frame_, text_->line_number()}; }
  [[noreturn]] void refuse(const std::string& expected, std::string_view found) const;

  std::unique_ptr<TextSource> text_;
  ColumnLayout layout_;
  std::int64_t frame_ = -1;
  std::int64_t comment_line_ = 0;
};

} // namespace soapstone::structure
