// SPDX-License-Identifier: BSD-3-Clause
// What the features must not depend on, and where they must be continuous.
#include "support.hpp"

#include <gtest/gtest.h>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;

namespace {

// Body orders 3 and 2 of the published optimum, and of wide Gaussians without radial scaling; made once, as
// tabulation takes its time.
const std::vector<SoapCalculator>& calculators() {
  static const std::vector<SoapCalculator> all = [] {
    std::vector<SoapCalculator> result;
    for (const int body_order : {3, 2})
      for (const bool published : {true, false}) {
        SoapParameters parameters;
        parameters.body_order = body_order;
        if (!published) {
          parameters.scaling.exponent = 0;
          parameters.gaussian_width = 0.8;
          parameters.cutoff = 4;
          parameters.n_max = 7;
          parameters.l_max = 14;
        }
        result.emplace_back(parameters, std::vector<int>{1, 3, 6, 7, 8, 9});
      }
    return result;
  }();
  return all;
}

Structure rock_salt() {
  Structure crystal{{3, 9}, {{0.1, 0.2, 0.3}, {2.1, 2.2, 2.35}}, {}};
  crystal.cell.vectors = {
      {{0.0, 2.0, 2.05}, {2.1, 0.0, 2.0}, {1.9, 2.0, 0.1}}}; // face-centred, slightly sheared
  crystal.cell.periodic = {true, true, true};
  return crystal;
}

Structure supercell(const Structure& crystal, std::array<int, 3> repeats) {
  Structure result;
  result.cell = crystal.cell;
  for (int a = 0; a < repeats[0]; ++a)
    for (int b = 0; b < repeats[1]; ++b)
      for (int c = 0; c < repeats[2]; ++c)
        for (std::size_t i = 0; i < crystal.size(); ++i) {
          Vec3 position = crystal.positions[i];
          for (std::size_t k = 0; k < 3; ++k)
            position[k] += a * crystal.cell.vectors[0][k] + b * crystal.cell.vectors[1][k] +
                           c * crystal.cell.vectors[2][k];
          result.positions.push_back(position);
          result.species.push_back(crystal.species[i]);
        }
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (double& component : result.cell.vectors[axis])
      component *= repeats[axis];
  return result;
}

Structure pair_at(double distance) {
  return {{6, 8, 1}, {{0, 0, 0}, {0.7, 0.9, 0}, {distance * 0.6, 0, distance * 0.8}}, {}};
}

} // namespace

TEST(Invariance, RotationTranslationInversion) {
  const Structure molecule = random_molecule(12, {1, 6, 7, 8}, 11);
  const Matrix3 inversion{{{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}}};
  for (const SoapCalculator& calculator : calculators()) {
    const auto reference = dense_features(calculator, molecule);
    const auto compare = [&](const Structure& moved) {
      return largest_difference(reference, dense_features(calculator, moved));
    };
    EXPECT_LT(compare(transformed(molecule, rotation(0.3, 1.1, 2.5))), 1e-12);
    EXPECT_LT(compare(transformed(molecule, rotation(-2.3, 3.1, 0.02))), 1e-12);
    EXPECT_LT(compare(transformed(molecule, rotation(0, 0, 0), {3.3, -7.1, 0.9})), 1e-12);
    EXPECT_LT(compare(transformed(molecule, inversion)), 1e-12);
    // and they do depend on the geometry
    Structure bent = molecule;
    bent.positions[3][0] += 0.01;
    EXPECT_GT(compare(bent), 1e-5);
  }
}

TEST(Invariance, PermutationOfAtoms) {
  const Structure molecule = random_molecule(10, {1, 8, 6}, 5);
  Structure reversed = molecule;
  std::reverse(reversed.species.begin(), reversed.species.end());
  std::reverse(reversed.positions.begin(), reversed.positions.end());
  for (const SoapCalculator& calculator : calculators()) {
    const auto width = calculator.layout().total_width();
    const auto reference = dense_features(calculator, molecule), other = dense_features(calculator, reversed);
    for (std::ptrdiff_t atom = 0; atom < 10; ++atom) {
      const std::vector<double> row(reference.begin() + atom * width, reference.begin() + (atom + 1) * width);
      const std::vector<double> same(other.begin() + (9 - atom) * width, other.begin() + (10 - atom) * width);
      EXPECT_LT(largest_difference(row, same), 1e-12);
    }
  }
}

TEST(Invariance, SupercellAndRotatedCrystal) {
  const Structure crystal = rock_salt();
  const Structure super = supercell(crystal, {2, 1, 3});
  for (const SoapCalculator& calculator : calculators()) {
    const auto width = static_cast<std::size_t>(calculator.layout().total_width());
    const auto reference = dense_features(calculator, crystal), many = dense_features(calculator, super);
    ASSERT_EQ(many.size(), 6 * reference.size());
    std::vector<double> repeated;
    for (int copy = 0; copy < 6; ++copy)
      repeated.insert(repeated.end(), reference.begin(), reference.end());
    EXPECT_LT(largest_difference(repeated, many), 1e-12);
    EXPECT_LT(
        largest_difference(
            reference, dense_features(calculator, transformed(crystal, rotation(1.0, 0.4, -0.2), {1, 2, 3}))),
        1e-12);
    EXPECT_GT(std::abs(dot(&reference[0], &reference[0], width)), 0.99);
  }
}

// f_c falls off with the square of the distance to the cutoff: 1e-4 Å inside, 1e-7 of a neighbour is left,
// 1e-6 Å inside, 1e-11. Seen by the first atom, as the distance from the moving one to the other changes as
// well.
TEST(Continuity, AcrossTheCutoff) {
  for (const SoapCalculator& calculator : calculators()) {
    const double cutoff = calculator.parameters().cutoff;
    const auto first_atom = [&](double distance) {
      std::vector<double> rows = dense_features(calculator, pair_at(distance));
      rows.resize(static_cast<std::size_t>(calculator.layout().total_width()));
      return rows;
    };
    const auto outside = first_atom(cutoff + 1e-6);
    EXPECT_EQ(largest_difference(outside, first_atom(cutoff)), 0);
    EXPECT_LT(largest_difference(outside, first_atom(cutoff - 1e-6)), 1e-10);
    EXPECT_LT(largest_difference(outside, first_atom(cutoff - 1e-4)), 1e-6);
    EXPECT_GT(largest_difference(outside, first_atom(cutoff - 0.3)), 1e-5);
  }
}

TEST(Continuity, AtomsThatNearlyCoincide) {
  for (const SoapCalculator& calculator : calculators()) {
    const auto close = dense_features(calculator, pair_at(1e-6)),
               closer = dense_features(calculator, pair_at(3e-8));
    EXPECT_LT(largest_difference(close, closer), 1e-5);
    for (const double value : closer)
      ASSERT_TRUE(std::isfinite(value));
  }
}
