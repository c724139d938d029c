// SPDX-License-Identifier: BSD-3-Clause
// Damaged copies of a file: each is either refused with an IoError, or all of its contents are unchanged (the
// damage hit unused bytes).
#include "sample.hpp"
#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#ifdef __SANITIZE_ADDRESS__
// HDF5 itself leaks when it meets damage.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5";
}
constexpr int share = 8; // of the cases, since they are slow there
#else
constexpr int share = 1;
#endif

namespace soapstone::h5 {
namespace {

using Bytes = std::vector<char>;
using Damage = std::function<void(Bytes&, CounterRandom&)>;

class FileDamage : public testing::Test {
protected:
  FileDamage() : sample_(make_sample(1200)) {
    Writer writer(folder_.file("whole.h5"));
    write_sample(writer, sample_);
    writer.commit();
    std::ifstream file(folder_.file("whole.h5"), std::ios::binary);
    whole_.assign(std::istreambuf_iterator<char>(file), {});
  }

  /// Whether the damage was noticed; silently wrong contents fail the test.
  bool noticed(const Bytes& bytes) const {
    const std::string path = folder_.file("damaged.h5");
    std::filesystem::remove(path); // overwriting in place would wait for the disk
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    try {
      const Reader reader(path);
      reader.verify();
      EXPECT_TRUE(read_sample(reader) == sample_) << "silently wrong";
      return false;
    } catch (const IoError& error) {
      EXPECT_EQ(error.path(), path);
      return true;
    }
  }

  /// Number of copies whose damage was noticed.
  int count_noticed(int copies, std::uint64_t seed, const Damage& damage) const {
    CounterRandom random(seed);
    int found = 0;
    for (int i = 0; i < copies; ++i) {
      Bytes bytes = whole_;
      damage(bytes, random);
      found += noticed(bytes) ? 1 : 0;
    }
    RecordProperty("noticed", found);
    return found;
  }

  ScratchFolder folder_;
  Sample sample_;
  Bytes whole_;
};

TEST_F(FileDamage, the_whole_file_passes) {
  EXPECT_FALSE(noticed(whole_));
}

TEST_F(FileDamage, bit_flips) {
  EXPECT_GT(count_noticed(4000 / share, 1,
                          [](Bytes& bytes, CounterRandom& random) {
                            bytes[random.below(bytes.size())] ^= static_cast<char>(1U << random.below(8));
                          }),
            3000 / share); // the rest hits the unused parts of metadata
}

TEST_F(FileDamage, every_bit_of_the_superblock) {
  for (std::size_t bit = 0; bit < 8 * 48; ++bit) {
    Bytes bytes = whole_;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(noticed(bytes)) << "bit " << bit;
  }
}

TEST_F(FileDamage, truncations) {
  EXPECT_EQ(
      count_noticed(600, 2,
                    [](Bytes& bytes, CounterRandom& random) { bytes.resize(random.below(bytes.size())); }),
      600);
}

TEST_F(FileDamage, zeroed_pages) {
  for (const std::size_t page : {64, 512, 4096})
    for (std::size_t at = 0; at < whole_.size(); at += page) {
      Bytes bytes = whole_;
      const std::size_t end = std::min(at + page, bytes.size());
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
      noticed(bytes);
    }
}

TEST_F(FileDamage, overwritten_stretches) {
  count_noticed(1500 / share, 3, [](Bytes& bytes, CounterRandom& random) {
    const auto at = random.below(bytes.size()), length = 1 + random.below(200);
    for (auto i = at; i < std::min<std::uint64_t>(at + length, bytes.size()); ++i)
      bytes[i] = static_cast<char>(random());
  });
}

TEST_F(FileDamage, stretches_moved_elsewhere) {
  count_noticed(500 / share, 4, [](Bytes& bytes, CounterRandom& random) {
    const auto length = 1 + random.below(1000);
    const auto from = random.below(bytes.size() - length), to = random.below(bytes.size() - length);
    std::copy_n(Bytes(bytes).begin() + static_cast<std::ptrdiff_t>(from), length,
                bytes.begin() + static_cast<std::ptrdiff_t>(to));
  });
}

TEST_F(FileDamage, garbage_is_no_file) {
  CounterRandom random(5);
  for (int i = 0; i < 200; ++i) {
    Bytes bytes(random.below(5000));
    for (auto& byte : bytes)
      byte = static_cast<char>(random());
    if (i % 2 == 0 && bytes.size() > 8) // behind HDF5's own signature
      std::copy_n(whole_.begin(), 8, bytes.begin());
    EXPECT_TRUE(noticed(bytes));
  }
}

} // namespace
} // namespace soapstone::h5
