// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/duplicates.hpp"
#include "soapstone/survey/energies.hpp"

namespace soapstone::survey {

/// The frames with some property: their number, and the first or worst ten of them with the number that tells
/// it.
struct Cases {
  std::int64_t count = 0;
  std::vector<std::pair<std::int64_t, double>> listed; ///< record, number
};

/// An element in the data set.
struct ElementCount {
  int z = 0;
  std::int64_t structures = 0, atoms = 0;
};

/// The sizes, elements, periodicity and distances of the structures.
struct GeometrySurvey {
  std::int64_t frames = 0, atoms = 0, compositions = 0;
  std::vector<std::int64_t> frames_of_path; ///< by the paths that were given
  Range size;                               ///< atoms
  Range volume_per_atom;                    ///< Å³, of cells that repeat in three directions
  std::vector<ElementCount> elements;
  std::int64_t periodic = 0, partly_periodic = 0, not_periodic = 0; ///< frames
  Range closest;    ///< distance of the closest pair over the sum of its covalent radii
  Cases too_close;  ///< ratio below 0.6
  Cases unusable;   ///< atoms at the same place
  Cases lone_atoms; ///< atoms without neighbours in structures of several; the number: how many
  Cases free_atoms; ///< structures of one atom alone; the number: atomic number
  Cases vacuum;     ///< the number: in how many directions
  Cases fractional; ///< coordinates that may be fractional
  Histogram closest_histogram, size_histogram;
};

/// The forces, in the unit of the file.
struct ForceSurvey {
  std::int64_t with = 0, without = 0;
  Range net, mean, largest; ///< per frame: |Σ F| / N, Σ |F| / N and the largest |F|
  Cases unbalanced;         ///< |Σ F| / N above 0.01 and a thousandth of the mean force
  Cases huge;               ///< a force above 50, and above 20 times the median of the largest ones
  Cases not_finite;
  Cases absent;
  Histogram histogram; ///< of log10 of the largest force
};

/// The pressure and its correlation with the volume, which tells the sign of a virial or stress.
struct PressureSurvey {
  Range pressure;         ///< trace of the virial over 3 V, or minus a third of that of the stress
  std::int64_t pairs = 0; ///< structures of the commonest composition that have one
  double correlation = 0; ///< of the pressure with the volume per atom among them: below 0 where the sign is
                          ///< that of -V σ (or ASE's stress), since what is compressed pushes
};

/// All that was measured of a data set.
struct Survey {
  std::string unit = "eV"; ///< of the target in the file
  bool per_atom = false;   ///< the file's numbers are per atom
  GeometrySurvey geometry;
  EnergySurvey energies;
  ForceSurvey forces;
  PressureSurvey pressure;
  Duplicates exact, near;
  std::vector<KeySummary> keys;
};

/// The unit and scope in which the target is read. Those that are not set follow from names and statements in
/// the frames.
struct TargetReading {
  std::optional<std::string> unit;
  std::optional<bool> per_atom;
};

/// Draws the conclusions from what was collected.
Survey conclude(const Collection& data, const TargetReading& reading);

} // namespace soapstone::survey
