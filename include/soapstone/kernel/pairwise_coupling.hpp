// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/calculator.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Species coupling in the products of features instead of in the features (eqs. 14, 15 of Willatt, Musil,
/// Ceriotti, PCCP 20, 29661 (2018)). With kappa = u^T u and p_aa' the features of elements that are not
/// coupled,
///
///     p_j . p_k = sum_aa' p_aa'(j) . [sum_bb' kappa_ab kappa_a'b' p_bb'(k)]
///
/// which is what the features of all channels give, from features of the pairs of elements that a structure
/// has, however many channels there are. The bracket, for the pairs of one group of rows, is the image of k.
///
/// A pair of different elements is kept by its parts symmetric and antisymmetric in n <-> n', (p^nn' +-
/// p^n'n) / sqrt 2, which the coupling does not mix: segments of the symmetric parts of all pairs a <= b in
/// lexicographic order, then of the antisymmetric ones of all a < b; for body_order 2 one for each element.
class PairwiseCoupling {
public:
  /// Makes the coupling of features of these parameters. Precondition: the coupling is valid.
  PairwiseCoupling(const soap::SpeciesCoupling& coupling, const soap::SoapParameters& parameters);

  const features::FeatureLayout& layout() const { return layout_; }

  /// Features of the elements, not coupled but divided by the norm that the calculator gives them, whose
  /// coupling is this one: |u p|, or before the contraction |p|. A group for each set of elements. Throws
  /// what calculator.visit does.
  features::FeatureBlock features(const features::SoapCalculator& calculator,
                                  std::span<const structure::Structure> structures) const;
  features::FeatureBlock features(const features::SoapCalculator& calculator,
                                  const structure::Structure& structure, structure::AtomRange atoms) const;

  /// Writes the images of environments first .. last - 1 of `cols` in the segments of `rows`: (last - first)
  /// x rows.width. Returns the floating-point operations.
  double image(const features::FeatureGroup& rows, const features::FeatureGroup& cols, std::int64_t first,
               std::int64_t last, std::span<double> to) const;

private:
  enum class Kind { radial, symmetric, antisymmetric };
  struct Pair {
    int a, b;
    Kind kind;
  };
  /// The segments of one kind in a group: they stand together and are equally wide.
  struct Run {
    std::span<const features::Segment> segments;
    std::int64_t width = 0, offset = 0;
  };

  void add_segments(Kind kind, int width);
  features::FeatureGroup empty_group(std::span<const int> present) const;
  class Collector;
  void write_row(const features::EnvironmentDensity& environment, std::vector<double>& pairs,
                 std::span<double> row) const;
  Run run_of(const features::FeatureGroup& group, Kind kind) const;
  double coefficient(const Pair& row, const Pair& col) const;
  std::vector<double> coefficients(const Run& rows, const Run& cols) const;
  double kappa(int a, int b) const {
    return kappa_[static_cast<std::size_t>(a) * static_cast<std::size_t>(elements_) +
                  static_cast<std::size_t>(b)];
  }

  int elements_;
  soap::SoapParameters parameters_;
  std::vector<double> kappa_; ///< elements x elements
  std::vector<Pair> pairs_;   ///< of every segment
  features::FeatureLayout layout_;
};

} // namespace soapstone::kernel
