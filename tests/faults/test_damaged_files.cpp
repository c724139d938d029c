// SPDX-License-Identifier: BSD-3-Clause
// Damaged copies of every kind of file that the program reads again, through the functions that it reads them
// with. Each is refused with an IoError that names the file, or everything that is read of it is unchanged:
// what was read is written again and makes the same file.
#include "figure.hpp"
#include "in_process.hpp"
#include "molecules.hpp"
#include "samples.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/regression/kernel_file.hpp"
#include "soapstone/regression/model.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/search/optimization.hpp"
#include "soapstone/workflow/checkpoint_text.hpp"
#include "soapstone/workflow/iteration_file.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <functional>

#include <gtest/gtest.h>
#include <hdf5.h>

namespace soapstone::faults {
namespace {

constexpr std::int64_t order = 40; // of the kernel matrix

/// Bytes of a file that hold the elements of a data set.
struct Piece {
  std::string set;
  haddr_t start = 0;
  hsize_t size = 0;
};

/// Chunks of one data set: soapstone writes no others.
void add_chunks(hid_t file, const std::string& name, std::vector<Piece>& pieces) {
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(set);
  hsize_t chunks = 0;
  EXPECT_GE(H5Dget_num_chunks(set, space, &chunks), 0) << name;
  EXPECT_GT(chunks, 0U) << name;
  for (hsize_t chunk = 0; chunk < chunks; ++chunk) {
    Piece piece{name, 0, 0};
    std::array<hsize_t, H5S_MAX_RANK> offset{};
    unsigned filters = 0;
    EXPECT_GE(H5Dget_chunk_info(set, space, chunk, offset.data(), &filters, &piece.start, &piece.size), 0);
    pieces.push_back(piece);
  }
  H5Sclose(space);
  H5Dclose(set);
}

std::vector<Piece> pieces_of(const std::string& path) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  std::vector<std::string> names;
  const auto visit = [](hid_t, const char* name, const H5O_info_t* info, void* found) -> herr_t {
    if (info->type == H5O_TYPE_DATASET)
      static_cast<std::vector<std::string>*>(found)->push_back(std::string("/") + name);
    return 0;
  };
  H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, visit, &names);
  std::vector<Piece> pieces;
  for (const auto& name : names)
    add_chunks(file, name, pieces);
  H5Fclose(file);
  return pieces;
}

/// A kind of file: how one is made, and how all that is read of one is written into another.
struct Kind {
  const char* name;
  std::function<void(const std::string& path)> make;
  std::function<void(const std::string& from, const std::string& to)> copy;
};

std::ostream& operator<<(std::ostream& out, const Kind& kind) {
  return out << kind.name;
}

void train(const std::string& path) {
  write(path + ".xyz", molecules(24, 1));
  const auto outcome =
      run({"train", "--data.structures", path + ".xyz", "--output", path, "--soap.n-max", "3", "--soap.l-max",
           "2", "--soap.contraction", "20", "--species.coupling", "gaussian", "--quiet"});
  ASSERT_EQ(outcome.code, 0) << outcome.text();
}

std::map<std::string, std::string> identity() {
  return {{"soap.cutoff", "3:5:3"}, {"data", "0123456789abcdef"}, {"version", "1"}};
}

search::Checkpoint recorded_search() {
  auto search = search::sample_search();
  CounterRandom random(2);
  for (std::int64_t point = 0; point < 6; ++point)
    search::add(search, search::good_record(0, point, random.uniform()));
  search::add(search, search::failed_record(1, 2));
  return search;
}

void copy_search(const std::string& from, const std::string& to) {
  std::vector<std::string> warnings;
  const auto found = search::inspect_checkpoint(from, warnings);
  if (!found)
    throw IoError("nothing found", from);
  EXPECT_TRUE(warnings.empty());
  search::write_checkpoint(to, *found);
}

search::Optimization sample_optimization() {
  search::Optimization state;
  state.identity = identity();
  CounterRandom random(3);
  for (int i = 0; i < 12; ++i)
    state.start.push_back(random.normal());
  for (int i = 0; i < 9; ++i) {
    search::Evaluation evaluation{state.start, random.uniform(), state.start};
    for (auto& x : evaluation.x)
      x += random.normal();
    state.evaluations.push_back(evaluation);
    state.history.push_back(evaluation.objective);
  }
  state.owner = "process 1 on host here";
  return state;
}

void copy_optimization(const std::string& from, const std::string& to) {
  search::Optimization state;
  state.identity = identity();
  state.start = sample_optimization().start;
  std::vector<std::string> warnings;
  search::load_optimization(from, state, warnings);
  EXPECT_TRUE(warnings.empty());
  search::save_optimization(to, state);
}

void write_kernel(const std::string& path, const linalg::DistributedMatrix& matrix) {
  h5::ParallelWriter file(matrix.grid().all(), path);
  file.attribute("/", "format", workflow::training_checkpoint_format);
  file.attribute("/", "kind", "kernel");
  file.attribute("/", "identity", "{}");
  regression::write_lower_triangle(file, "/kernel", matrix);
  file.commit();
}

/// Passes an exception on once the grid is gone: one that unwinds keeps communicators from being freed, of
/// which a process has 65 536.
template <typename Use>
void with_own_grid(const Use& use) {
  std::exception_ptr refused;
  {
    const linalg::ProcessGrid grid(parallel::Communicator::self(), {1, 1});
    try {
      use(grid);
    } catch (const Error&) {
      refused = std::current_exception();
    }
  }
  if (refused)
    std::rethrow_exception(refused);
}

void make_kernel(const std::string& path) {
  std::vector<double> values(order * order);
  CounterRandom random(4);
  std::generate(values.begin(), values.end(), [&] { return random.normal(); });
  with_own_grid(
      [&](const auto& grid) { write_kernel(path, linalg::scatter(grid, values, order, order, 8)); });
}

/// What TrainingCheckpoint reads.
void copy_kernel(const std::string& from, const std::string& to) {
  {
    const h5::Reader file(from);
    if (file.attribute_string("/", "format") != workflow::training_checkpoint_format ||
        file.attribute_string("/", "kind") != "kernel" || file.attribute_string("/", "identity") != "{}")
      throw IoError("another file", from);
  }
  with_own_grid([&](const auto& grid) {
    write_kernel(to, regression::read_lower_triangle(from, "/kernel", grid, order, 8));
  });
}

workflow::IterationProgress sample_iteration() {
  workflow::IterationProgress progress;
  CounterRandom random(5);
  for (int i = 0; i < 100; ++i) {
    for (auto* values : {&progress.state.x, &progress.state.fitted, &progress.state.r, &progress.state.p})
      values->push_back(random.normal());
    progress.coefficients.push_back(random.normal());
    progress.fitted.push_back(random.normal());
  }
  progress.target = 1;
  progress.solved = {{"energy", true, 0.001, {{0, 0.001, 0.5}}}};
  progress.state.rz = random.normal();
  for (int i = 0; i < 7; ++i)
    progress.state.history.push_back({i, random.uniform(), random.uniform()});
  return progress;
}

void copy_iteration(const std::string& from, const std::string& to) {
  const auto world = parallel::Communicator::world();
  const auto identity = workflow::parse_identity(h5::Reader(from).attribute_string("/", "identity"));
  if (!identity)
    throw IoError("another identity", from);
  workflow::write_iteration(to, *identity, workflow::read_iteration(world, from));
}

/// What `kernel` and `features` leave, read whole as `inspect` and h5py do.
void write_matrix(const std::string& path, const std::vector<double>& values) {
  h5::Writer file(path);
  file.write("/kernel", values, {30, 20});
  file.attribute("/kernel", "rows", "structures of data.structures");
  file.commit();
}

void make_matrix(const std::string& path) {
  std::vector<double> values(600);
  CounterRandom random(6);
  std::generate(values.begin(), values.end(), [&] { return random.normal(); });
  write_matrix(path, values);
}

void copy_matrix(const std::string& from, const std::string& to) {
  const h5::Reader file(from);
  file.verify();
  write_matrix(to, file.read_doubles("/kernel"));
}

class DamagedFiles : public testing::TestWithParam<Kind> {
protected:
  DamagedFiles() {
    GetParam().make(folder_.file("whole.h5"));
    whole_ = content(folder_.file("whole.h5"));
  }

  /// Tries one damaged copy and counts what became of it. `set`: the data set that is damaged, of which the
  /// message must tell.
  void try_copy(const std::string& bytes, const std::string& set = {}) {
    const std::string damaged = folder_.file("damaged.h5"), again = folder_.file("again.h5");
    write(damaged, bytes);
    std::filesystem::remove(again);
    const Stopwatch watch;
    try {
      GetParam().copy(damaged, again);
      EXPECT_EQ(content(again) == whole_, true) << "silently wrong, case " << cases_;
      ++harmless_;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::io) << error.what();
      const std::string message = error.what();
      EXPECT_EQ(message.find(damaged), 0U) << message;
      if (message.starts_with(damaged + ": /"))
        ++with_object_;
      EXPECT_TRUE(set.empty() || message.starts_with(damaged + ": " + set)) << set << ": " << message;
    }
    slowest_ = std::max(slowest_, watch.seconds());
    ++cases_;
  }

  void TearDown() override {
    std::printf(
        "%s: %d copies of %zu bytes: %d refused (%d name the data set), %d read without a difference; "
        "slowest %.3f s\n",
        GetParam().name, cases_, whole_.size(), cases_ - harmless_, with_object_, harmless_, slowest_);
    figure("damaged_file_seconds", slowest_);
    EXPECT_LT(slowest_, 20.0);
  }

  Folder folder_;
  std::string whole_;
  int cases_ = 0, harmless_ = 0, with_object_ = 0;
  double slowest_ = 0;
};

TEST_P(DamagedFiles, bit_flips) {
  CounterRandom random(11);
  const int count = cases(1700);
  for (int i = 0; i < count; ++i) {
    std::string bytes = whole_;
    auto& byte = bytes[random.below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << random.below(8)));
    try_copy(bytes);
  }
  EXPECT_LT(harmless_, count / 3); // the unused parts of metadata
  figure("bit_flips", cases_);
  figure("bit_flips_without_effect", harmless_);
}

TEST_P(DamagedFiles, bit_flips_in_data) {
  const auto pieces = pieces_of(folder_.file("whole.h5"));
  CounterRandom random(14);
  const int count = cases(300);
  for (int i = 0; i < count; ++i) {
    const auto& piece = pieces[random.below(pieces.size())];
    std::string bytes = whole_;
    auto& byte = bytes[piece.start + random.below(piece.size)];
    byte = static_cast<char>(byte ^ (1 << random.below(8)));
    try_copy(bytes, piece.set);
  }
  EXPECT_EQ(harmless_, 0);
  EXPECT_EQ(with_object_, count);
  figure("data_flips", with_object_);
}

TEST_P(DamagedFiles, truncations) {
  CounterRandom random(12);
  const int count = cases(350);
  for (int i = 0; i < count; ++i)
    try_copy(whole_.substr(0, random.below(whole_.size())));
  EXPECT_EQ(harmless_, 0);
  figure("truncations", cases_);
}

TEST_P(DamagedFiles, zeroed_pages) {
  CounterRandom random(13);
  const int count = cases(90);
  for (int i = 0; i < count; ++i) {
    std::string bytes = whole_;
    const std::size_t page = std::size_t{512} << random.below(4);
    const auto at = random.below(bytes.size() / page + 1) * page;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at),
              bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + page, bytes.size())), '\0');
    if (bytes != whole_)
      try_copy(bytes);
  }
  figure("zeroed_pages", cases_);
}

TEST_P(DamagedFiles, the_whole_file) {
  try_copy(whole_);
  EXPECT_EQ(harmless_, 1);
}

TEST(DamagedOptimization, is_not_kept_in_the_place_of_the_one_before) {
  const Folder folder;
  const auto path = folder.file("o.h5");
  auto state = sample_optimization();
  search::save_optimization(path, state);
  state.cycles = 1;
  search::save_optimization(path, state);
  const auto before = content(path + ".previous");
  write(path, content(path).substr(0, 1000));
  state.cycles = 2;
  search::save_optimization(path, state);
  EXPECT_EQ(content(path + ".previous"), before);
  EXPECT_EQ(search::read_optimization(path).cycles, 2);
}

INSTANTIATE_TEST_SUITE_P(
    kinds, DamagedFiles,
    testing::Values(Kind{"model", train,
                         [](const auto& from, const auto& to) {
                           regression::write_model(to, regression::read_model(from));
                         }},
                    Kind{"search",
                         [](const auto& path) { search::write_checkpoint(path, recorded_search()); },
                         copy_search},
                    Kind{"optimization",
                         [](const auto& path) { search::save_optimization(path, sample_optimization()); },
                         copy_optimization},
                    Kind{"kernel_checkpoint", make_kernel, copy_kernel},
                    Kind{"iteration_checkpoint",
                         [](const auto& path) { workflow::write_iteration(path, {}, sample_iteration()); },
                         copy_iteration},
                    Kind{"kernel_file", make_matrix, copy_matrix}),
    [](const auto& kind) { return std::string(kind.param.name); });

} // namespace
} // namespace soapstone::faults
