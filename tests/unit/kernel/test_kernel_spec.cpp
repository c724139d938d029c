// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_spec.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>

namespace soapstone::kernel {
namespace {

const structure::Structure water{{8, 1, 1}, {{0, 0, 0}, {0.96, 0, 0}, {-0.24, 0.93, 0}}, {}};

KernelSpec small_spec(int body_order, int zeta) {
  KernelSpec spec;
  spec.soap.n_max = 4;
  spec.soap.l_max = 3;
  spec.soap.body_order = body_order;
  spec.elements = {1, 6, 8};
  spec.zeta = zeta;
  return spec;
}

TEST(KernelSpec, PredictsTheBytesOfItsFeatures) {
  for (const int body_order : {2, 3})
    for (const int zeta : {1, 2}) {
      const auto spec = small_spec(body_order, zeta);
      const auto block = make_features(spec)({&water, 1});
      EXPECT_EQ(static_cast<std::int64_t>(block.bytes()), feature_bytes(spec, water))
          << body_order << " " << zeta;
    }
}

// Hydrogen and oxygen of H, C, O: with zeros in u some channels are empty, and cost nothing.
TEST(KernelSpec, PredictsTheBytesOfCoupledFeatures) {
  for (const auto& u : {std::vector<double>{1, 2, 3, 4, 5, 6}, std::vector<double>{0, 1, 0, 1, 0, 0},
                        std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1}})
    for (const int body_order : {2, 3})
      for (const int zeta : {1, 2}) {
        auto spec = small_spec(body_order, zeta);
        spec.coupling =
            std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{spec.elements, u, false});
        EXPECT_EQ(density_channels(spec), static_cast<int>(u.size() / 3));
        const auto block = make_features(spec)({&water, 1});
        EXPECT_EQ(static_cast<std::int64_t>(block.bytes()), feature_bytes(spec, water));
        const bool zeros = std::count(u.begin(), u.end(), 0.0) > 0;
        EXPECT_EQ(block.groups.front().width == feature_layout(spec).total_width(), !zeros);
      }
}

TEST(KernelSpec, GivesOneRowPerStructureToALinearKernel) {
  const auto block = make_features(small_spec(3, 1))({&water, 1});
  ASSERT_EQ(block.groups.size(), 1U);
  EXPECT_EQ(block.groups[0].environments, std::vector<std::int32_t>{1});
}

TEST(KernelSpec, RefusesNonsense) {
  auto spec = small_spec(3, 2);
  spec.soap.cutoff = -1;
  EXPECT_THROW(make_features(spec), ConfigError);
}

} // namespace
} // namespace soapstone::kernel
