// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/blas_runtime.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

#include <dlfcn.h>
#include <sys/mman.h>

namespace soapstone::linalg {

namespace {

constexpr const char* unknown_library = "unknown (reference BLAS?)";

/// A function of whatever BLAS is loaded, or null.
template <typename Function>
Function* loaded(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

/// The first word that looks like a version, after a space: " 0.3.21" of "OpenBLAS 0.3.21 DYNAMIC_ARCH";
/// empty if there is none.
std::string version_in(const std::string& text) {
  std::string version;
  for (const auto& word : split_whitespace(text))
    if (std::isdigit(static_cast<unsigned char>(word.front())) != 0 &&
        word.find('.') != std::string_view::npos) {
      version.push_back(' ');
      version.append(word);
      break;
    }
  return version;
}

std::string mkl_version() {
  std::array<char, 256> text{};
  if (auto* version = loaded<void(char*, int)>("MKL_Get_Version_String"))
    version(text.data(), static_cast<int>(text.size()) - 1);
  return version_in(text.data());
}

/// Returns whether dgemm is OpenBLAS's. That OpenBLAS is in the process does not say so: its LAPACK may stand
/// on another libblas.so.3, such as the reference, where the two were chosen apart (update-alternatives).
bool multiplies_by_openblas() {
  Dl_info place{};
  const auto* dgemm = dlsym(RTLD_DEFAULT, "dgemm_");
  if (dgemm == nullptr || dladdr(dgemm, &place) == 0 || place.dli_fname == nullptr)
    return true; // nothing to tell them apart by
  void* library = dlopen(place.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr)
    return true; // linked into the program
  const bool known = dlsym(library, "openblas_get_config") != nullptr;
  dlclose(library);
  return known;
}

std::string library_name() {
  if (auto* config = loaded<char*()>("openblas_get_config"); config != nullptr && multiplies_by_openblas())
    return "OpenBLAS" + version_in(config());
  if (loaded<void(int)>("MKL_Set_Num_Threads") != nullptr)
    return "MKL" + mkl_version();
  if (auto* version = loaded<const char*()>("bli_info_get_version_str"))
    return "BLIS" + version_in(version());
  constexpr std::array<std::pair<const char*, const char*>, 4> others{
      {{"nvpl_blas_get_version", "NVPL"},
       {"armplversion", "Arm Performance Libraries"},
       {"ATL_buildinfo", "ATLAS"},
       {"flexiblas_get_version", "FlexiBLAS"}}};
  for (const auto& [symbol, name] : others)
    if (loaded<void()>(symbol) != nullptr)
      return name;
  return unknown_library;
}

int thread_count() {
  if (auto* threads = loaded<int()>("openblas_get_num_threads"))
    return threads();
  if (auto* threads = loaded<int()>("MKL_Get_Max_Threads"))
    return threads();
  if (auto* threads = loaded<std::int64_t()>("bli_thread_get_num_threads")) // dim_t
    return static_cast<int>(threads());
  if (auto* threads = loaded<int()>("nvpl_blas_get_max_threads"))
    return threads();
  return 0;
}

/// OpenBLAS core types that use 512-bit vectors.
bool is_avx512_core(const std::string& core) {
  const auto name = to_lower(core);
  return name == "skylakex" || name == "cooperlake" || name == "sapphirerapids";
}

std::string slow_core_advice(const std::string& core) {
  const std::string slow =
      "OpenBLAS runs its " + core + " kernels on a CPU with AVX-512, at about half its speed: ";
  if (const char* forced = std::getenv("OPENBLAS_CORETYPE"))
    return slow + "unset OPENBLAS_CORETYPE (now \"" + forced + "\"), or set it to SkylakeX";
  return slow +
         "set OPENBLAS_CORETYPE=SkylakeX, or install an OpenBLAS that supports this CPU (0.3.21 or later)";
}

} // namespace

BlasInfo blas_info() {
  BlasInfo info{library_name(), "", thread_count()};
  if (auto* core = loaded<char*()>("openblas_get_corename");
      core != nullptr && info.library.starts_with("OpenBLAS"))
    info.core = core();
  return info;
}

bool set_blas_threads(int threads) {
  if (threads < 1)
    return false;
  for (const char* name : {"openblas_set_num_threads", "MKL_Set_Num_Threads", "nvpl_blas_set_num_threads",
                           "flexiblas_set_num_threads"})
    if (auto* set = loaded<void(int)>(name)) {
      set(threads);
      return true;
    }
  if (auto* set = loaded<void(std::int64_t)>("bli_thread_set_num_threads")) {
    set(threads);
    return true;
  }
  return false;
}

bool cpu_has_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0;
#else
  return false;
#endif
}

std::vector<std::string> blas_warnings(const BlasInfo& info, int ranks_on_node, int threads_per_rank,
                                       int cores, bool avx512) {
  std::vector<std::string> warnings;
  if (info.library == unknown_library)
    warnings.push_back(
        "the BLAS is of an unknown kind; if it is the reference BLAS, it is 20 times slower than an "
        "optimised one: install one (Debian: libopenblas0-pthread) and select it (update-alternatives "
        "--config libblas.so.3-x86_64-linux-gnu, and liblapack.so.3 likewise)");
  if (avx512 && !info.core.empty() && !is_avx512_core(info.core))
    warnings.push_back(slow_core_advice(info.core));
  if (cores > 0 && std::int64_t{ranks_on_node} * threads_per_rank > cores)
    warnings.push_back(format_count(ranks_on_node, "rank") + " with " +
                       format_count(threads_per_rank, "BLAS thread") +
                       format(" each share %d cores of this node: use fewer ranks or fewer threads", cores));
  if (info.threads > threads_per_rank)
    warnings.push_back(format("the BLAS uses %d threads per rank instead of %d: set OMP_NUM_THREADS=%d (and "
                              "OPENBLAS_NUM_THREADS, MKL_NUM_THREADS)",
                              info.threads, threads_per_rank, threads_per_rank));
  return warnings;
}

void require_blas_memory() {
  constexpr std::size_t buffer = std::size_t{144} << 20; // OpenBLAS: 128 MiB on x86-64, and what aligns it
  void* const probe =
      mmap(nullptr, buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (probe == MAP_FAILED)
    throw ResourceError("this process may not use the " + format_bytes(static_cast<double>(buffer)) +
                        " of address space that the BLAS needs: raise its limit (ulimit -v)");
  munmap(probe, buffer);
}

double measure_dgemm_gflops(int n, double seconds) {
  const auto size = static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
  std::vector<double> a(size, 0.5), b(size, 0.25), c(size);
  const auto multiply = [&] {
    gemm(Op::none, Op::none, 1.0, {a.data(), n, n}, {b.data(), n, n}, 0.0, {c.data(), n, n});
  };
  multiply(); // the first call starts threads and touches memory
  const double work = 2e-9 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
  double best = std::numeric_limits<double>::infinity();
  // The fastest of several: what is asked for is the machine's limit, not its load.
  for (const Stopwatch total; total.seconds() < seconds || best == std::numeric_limits<double>::infinity();) {
    const Stopwatch one;
    multiply();
    best = std::min(best, one.seconds());
  }
  return work / best;
}

} // namespace soapstone::linalg
