// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace soapstone {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;

std::unique_ptr<char[]> touched(std::int64_t bytes) {
  auto memory = std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(bytes));
  std::memset(memory.get(), 1, static_cast<std::size_t>(bytes));
  return memory;
}

TEST(Memory, current_follows_an_allocation) {
  const auto before = current_memory_bytes();
  auto memory = touched(100 * mib);
  const auto during = current_memory_bytes();
  EXPECT_GT(during - before, 95 * mib);
  EXPECT_LT(during - before, 130 * mib);
  memory.reset();
#ifndef __SANITIZE_ADDRESS__ // which keeps freed memory for a while
  EXPECT_LT(current_memory_bytes() - before, 30 * mib);
#endif
}

TEST(Memory, peak_remembers) {
  const auto before = current_memory_bytes();
  touched(150 * mib).reset();
  EXPECT_GT(peak_memory_bytes(), before + 140 * mib);
  EXPECT_LT(peak_memory_bytes(), before + 2000 * mib);
}

TEST(Memory, available_is_not_more_than_the_machine_has) {
  const auto physical = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  EXPECT_GT(available_memory_bytes(), mib);
  EXPECT_LE(available_memory_bytes(), physical);
}

TEST(Memory, available_is_shared_among_the_processes_of_a_node) {
  const auto alone = static_cast<double>(available_memory_bytes());
  EXPECT_NEAR(static_cast<double>(available_memory_bytes(4)) / alone, 0.25, 0.1); // others may take and give
}

class ControlGroups : public testing::Test {
protected:
  ControlGroups() {
    std::string name = testing::TempDir() + "soapstone-groups-XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  ~ControlGroups() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  std::int64_t available(const std::string& membership) const {
    write("membership", membership);
    return control_group_available_bytes((root_ / "membership").string(), root_.string());
  }
  std::filesystem::path root_;
  static constexpr std::int64_t nothing = std::numeric_limits<std::int64_t>::max();
};

// As Slurm sets it up: the limit stands at the job, above the step in which the process is.
TEST_F(ControlGroups, limits_of_the_groups_above_count) {
  write("slurm/job_7/memory.max", "4000\n");
  write("slurm/job_7/memory.current", "1500\n");
  write("slurm/job_7/memory.stat", "anon 900\nfile 600\ninactive_file 500\nactive_file 100\n");
  write("slurm/job_7/step_0/memory.max", "max\n");
  write("slurm/job_7/step_0/memory.current", "1500\n");
  write("slurm/memory.max", "9000\n");
  EXPECT_EQ(available("0::/slurm/job_7/step_0\n"), 3000);
  EXPECT_EQ(available("0::/slurm\n"), 9000);
  EXPECT_EQ(available("0::/elsewhere\n"), nothing);
  EXPECT_EQ(available("0::/\n"), nothing);
}

TEST_F(ControlGroups, version_1) {
  const std::string lines = "12:cpu,cpuacct:/\n4:memory:/slurm/job_7\n1:name=systemd:/\n0::/\n";
  write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_GT(available(lines), std::int64_t{1} << 62);
  write("memory/slurm/job_7/memory.limit_in_bytes", "8000\n");
  write("memory/slurm/job_7/memory.usage_in_bytes", "5000\n");
  write("memory/slurm/job_7/memory.stat", "inactive_file 1\ntotal_inactive_file 300\n");
  EXPECT_EQ(available(lines), 3300);
  EXPECT_EQ(available("4:hugetlb,memory:/slurm/job_7\n"), 3300);
}

// Inside, the container's own limit is at the mount, and the path of the group outside leads nowhere.
TEST_F(ControlGroups, inside_a_container) {
  write("memory.max", "700\n");
  EXPECT_EQ(available("0::/\n"), 700);
  write("memory/memory.limit_in_bytes", "600\n");
  EXPECT_EQ(available("9:memory:/docker/0123abcd\n"), 600);
}

TEST_F(ControlGroups, files_that_are_not_understood_limit_nothing) {
  write("memory.max", "many\n");
  for (const char* text : {"", "\n", "0::", "nonsense", "0::/", "0:memory", "1:memory:relative\n"})
    EXPECT_EQ(available(text), nothing) << text;
  EXPECT_EQ(control_group_available_bytes("/none", root_.string()), nothing);
}

// AddressSanitizer itself reserves terabytes of addresses, which leaves nothing under any limit.
#ifndef __SANITIZE_ADDRESS__
TEST(Memory, available_respects_the_address_space_limit) {
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  rlimit limited = before;
  limited.rlim_cur = rlim_t{2} << 30U;
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limited), 0);
  const auto available = available_memory_bytes(), shared = available_memory_bytes(2);
  setrlimit(RLIMIT_AS, &before);
  EXPECT_LT(available, std::int64_t{2} << 30);
  EXPECT_GT(available, 0);
  // Every process has a limit of its own: the others of the node take nothing of it.
  if (available_memory_bytes(2) > std::int64_t{2} << 30) {
    EXPECT_EQ(shared, available);
  }
}

// A heap of small pieces, the last of which stays: the others go back all the same.
TEST(Memory, what_is_free_goes_back_to_the_system) {
  const auto before = current_memory_bytes();
  std::vector<std::unique_ptr<char[]>> pieces(1 << 15);
  for (auto& piece : pieces) {
    piece = std::make_unique<char[]>(2000);
    std::memset(piece.get(), 1, 2000);
  }
  EXPECT_GT(current_memory_bytes(), before + 48 * mib);
  pieces.erase(pieces.begin(), pieces.end() - 1);
  return_free_memory();
#ifdef __GLIBC__
  EXPECT_LT(current_memory_bytes(), before + 16 * mib);
#endif
}
#endif

} // namespace
} // namespace soapstone
