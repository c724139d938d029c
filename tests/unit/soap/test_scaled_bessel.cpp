// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/scaled_bessel.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <vector>

using namespace soapstone::soap;

namespace {

// The power series z^l sum_k (z² / 2)^k / (k! (2l + 2k + 1)!!) (NIST DLMF 10.53.3): positive terms, with
// digits to spare.
double exact(int l, double z) {
  using Real = boost::multiprecision::cpp_bin_float_50;
  Real term = exp(-Real(z));
  for (int i = 1; i <= l; ++i)
    term *= Real(z) / (2 * i + 1);
  Real sum = term;
  for (int k = 1; k < 3 * z + 60; ++k) {
    term *= Real(z) * z / (Real(2) * k * (2 * l + 2 * k + 1));
    sum += term;
  }
  return static_cast<double>(sum);
}

} // namespace

TEST(ScaledBessel, AgreesWithThePowerSeries) {
  for (const double z : {1e-6, 0.01, 0.3, 1.0, 4.0, 17.0, 60.0, 113.0, 300.0, 680.0}) {
    std::vector<double> values(18);
    scaled_bessel(z, values);
    for (int l = 0; l < 18; ++l)
      EXPECT_NEAR(values[static_cast<std::size_t>(l)] / exact(l, z), 1, 1e-14)
          << "l = " << l << ", z = " << z;
  }
}

TEST(ScaledBessel, StartsWithOneAndZerosAtTheOrigin) {
  std::vector<double> values(5);
  scaled_bessel(0, values);
  EXPECT_EQ(values, (std::vector<double>{1, 0, 0, 0, 0}));
}

// i_0 = sinh z / z, i_1 = (z cosh z - sinh z) / z², i_2 = ((z² + 3) sinh z - 3 z cosh z) / z³ where exp(-2z)
// is negligible.
TEST(ScaledBessel, HasTheClosedFormsWhereThePlainOneOverflows) {
  for (const double z : {800.0, 2500.0, 1e5}) {
    std::vector<double> values(3);
    scaled_bessel(z, values);
    EXPECT_NEAR(values[0] * 2 * z, 1, 3e-15);
    EXPECT_NEAR(values[1] * 2 * z, 1 - 1 / z, 3e-15);
    EXPECT_NEAR(values[2] * 2 * z, 1 - 3 / z + 3 / (z * z), 3e-15);
  }
}

TEST(ScaledBessel, DoesNotDependOnHowManyAreAskedFor) {
  std::vector<double> few(3), many(30);
  scaled_bessel(33.3, few);
  scaled_bessel(33.3, many);
  for (std::size_t l = 0; l < few.size(); ++l)
    EXPECT_NEAR(few[l] / many[l], 1, 3e-15);
}
