// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/blas_runtime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soapstone::linalg {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const BlasInfo good{"OpenBLAS 0.3.21", "SkylakeX", 1};

TEST(BlasRuntime, sets_the_threads_it_reports) {
  const auto info = blas_info();
  EXPECT_FALSE(info.library.empty());
  if (!set_blas_threads(1))
    GTEST_SKIP() << info.library << " has no call for it";
  EXPECT_EQ(blas_info().threads, 1);
  EXPECT_FALSE(set_blas_threads(0));
  EXPECT_EQ(blas_info().threads, 1);
}

TEST(BlasRuntime, names_openblas_with_version_and_core) {
  const auto info = blas_info();
  if (!info.library.starts_with("OpenBLAS"))
    GTEST_SKIP() << info.library;
  EXPECT_THAT(info.library, testing::MatchesRegex("OpenBLAS [0-9.]+[a-z0-9.]*"));
  EXPECT_FALSE(info.core.empty());
}

TEST(BlasRuntime, is_silent_when_all_is_well) {
  EXPECT_THAT(blas_warnings(good, 2, 1, 2, true), IsEmpty());
  EXPECT_THAT(blas_warnings({"OpenBLAS 0.3.21", "Haswell", 1}, 2, 1, 2, false), IsEmpty());
  EXPECT_THAT(blas_warnings({"MKL 2023.1", "", 0}, 64, 1, 64, true), IsEmpty());
}

TEST(BlasRuntime, warns_of_each_mistake_with_its_remedy) {
  EXPECT_THAT(blas_warnings({"OpenBLAS 0.3.21", "Haswell", 1}, 1, 1, 2, true),
              ElementsAre(AllOf(HasSubstr("Haswell"), HasSubstr("OPENBLAS_CORETYPE"))));
  EXPECT_THAT(blas_warnings({"unknown (reference BLAS?)", "", 0}, 1, 1, 2, false),
              ElementsAre(AllOf(HasSubstr("reference BLAS"), HasSubstr("libopenblas"))));
  EXPECT_THAT(blas_warnings(good, 4, 1, 2, true),
              ElementsAre(HasSubstr("4 ranks with 1 BLAS thread each share 2 cores")));
  EXPECT_THAT(blas_warnings({"OpenBLAS 0.3.21", "SkylakeX", 2}, 1, 1, 2, true),
              ElementsAre(HasSubstr("OMP_NUM_THREADS=1")));
}

TEST(BlasRuntime, measures_a_plausible_speed) {
  const double gflops = measure_dgemm_gflops(256, 0.02);
  EXPECT_GT(gflops, 0.01);
  EXPECT_LT(gflops, 1e5);
}

} // namespace
} // namespace soapstone::linalg
