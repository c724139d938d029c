// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/kernel/kernel_sum.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace soapstone::regression {

/// Bytes of the compact forms of these kernels for so many targets; nothing when a kernel has none (zeta
/// above 2, or in pairwise form).
std::optional<std::int64_t> compact_bytes(const std::vector<kernel::KernelSpec>& kernels,
                                          std::int64_t targets);

/// Forms of at most so many bytes are made by default: `compact` = auto.
inline constexpr std::int64_t affordable_compact_bytes = std::int64_t{64} << 20;

/// Collective. The forms that predict as the dual coefficients (training x targets) do, one per kernel.
std::vector<kernel::CompactForm> build_compact(const kernel::KernelSum& training,
                                               const std::vector<double>& coefficients, std::int64_t targets);

/// Collective. Solves (K + lambda I) d = s for s and d of structures x targets.
using DualSolve = std::function<std::vector<double>(const std::vector<double>&)>;

/// Collective. The forms of dual coefficients that solve (K + lambda I) x = y, after a step of iterative
/// refinement of both. Where K is singular, x is 1/lambda times what it predicts, and so is the rounding of
/// the forms w = X^T x. The residual y - X w - lambda x contains that rounding, and what solves for the
/// residual is small, so that adding it to x and its forms to w leaves errors of the order of ordinary
/// rounding. `targets` is structures x k.
std::vector<kernel::CompactForm> refine_compact(const kernel::KernelSum& training,
                                                const std::vector<double>& targets, double lambda,
                                                const DualSolve& solve, std::vector<double>& coefficients);

/// Returns the bytes that refine_compact() takes for forms of so many: these, and as many changes of them.
constexpr std::int64_t refinement_memory(std::int64_t forms) {
  return 2 * forms;
}

/// Collective over `comm`. Values per atom (structures x targets, column-major, on every rank) by compact
/// forms; the features of batches of structures are computed on the ranks in turn, used and forgotten. The
/// same bits on any number of ranks.
std::vector<double> apply_compact(const parallel::Communicator& comm,
                                  const std::vector<kernel::KernelSpec>& kernels,
                                  const std::vector<kernel::CompactForm>& forms,
                                  std::span<const structure::Structure> structures,
                                  const Progress& progress = {});

/// Returns the bytes that apply_compact() takes beside the forms, for forms of so many bytes and batches
/// whose features take `batch` bytes, and `work` while they are computed: the part of a form that belongs to
/// a group of structures, and a batch.
constexpr std::int64_t apply_compact_memory(std::int64_t forms, std::int64_t batch, std::int64_t work) {
  return forms + batch + work;
}

/// Into and out of groups ROOT/1, ROOT/2, ... of a model file: lower triangles only for degree 2.
void write_compact(h5::Writer& file, const std::vector<kernel::CompactForm>& forms,
                   const std::string& root = "/compact");
/// Throws IoError where the groups are damaged or do not go with the kernels.
std::vector<kernel::CompactForm> read_compact(const h5::Reader& file,
                                              const std::vector<kernel::KernelSpec>& kernels,
                                              const std::string& root = "/compact");

} // namespace soapstone::regression
