// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"
#include "soapstone/formats/text_source.hpp"

namespace soapstone::formats {

/// The raw files of QM9 (Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1, 140022 (2014),
/// doi:10.1038/sdata.2014.22, table 2): number of atoms; "gdb", index and 15 properties; per atom symbol, x,
/// y, z (Å) and Mulliken charge (e); harmonic frequencies (1/cm); SMILES of GDB-17 and of the relaxed
/// geometry; InChI likewise. Molecules may follow each other in one text. Frames get the info keys gdb, A, B,
/// C (GHz), mu (D), alpha (a0³), homo, lumo, gap (hartree), r2 (a0²), zpve, U0, U, H, G (hartree), Cv
/// (cal/mol K), smiles, smiles_relaxed, inchi, inchi_relaxed, frequencies, and the array mulliken_charges.
/// `*^` becomes e.
class Qm9Reader : public FrameReader {
public:
  explicit Qm9Reader(std::unique_ptr<TextSource> text) : text_(std::move(text)) {}
  bool next(Frame& frame) override;
  double done() const override { return text_->done(); }

private:
  std::string_view expect_line(const char* what);
  void read_properties(Frame& frame);
  void read_atoms(Frame& frame, std::int64_t atoms);
  void read_frequencies(Frame& frame, std::int64_t atoms);
  void read_pair(Frame& frame, const char* first, const char* second);
  DataLocation here() const { return {text_->name(), frame_, text_->line_number()}; }
  [[noreturn]] void refuse(const std::string& expected, std::string_view found) const;

  std::unique_ptr<TextSource> text_;
  std::int64_t frame_ = -1;
};

/// Returns whether `line` looks like the second line of a QM9 file.
bool is_qm9_property_line(std::string_view line);

} // namespace soapstone::formats
