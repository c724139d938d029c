#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds the benchmarks and measures every stage on 1 and 2 ranks. Results: build/benchmark/*.csv.
#   scripts/checks/benchmark.sh [option of bench_stages]...      e.g. --quick, --large
#   scripts/checks/benchmark.sh --run <build folder> [option]... only runs what is built there (target `bench`)
# SOAPSTONE_RANKS ("1 2"), MPIEXEC ("mpiexec") and MPIEXEC_FLAGS are taken from the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ "${1:-}" == --run ]]; then
    build=${2:?a build folder}
    shift 2
else
    build=build/benchmark
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSOAPSTONE_BENCHMARKS=ON -DSOAPSTONE_TESTS=OFF
    cmake --build "$build" --parallel --target bench_stages bench_kernels
fi
results=build/benchmark
mkdir -p "$results"

# The library's own choice for this CPU, one thread per rank. The rest are Open MPI's and mean nothing to others.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1

uptime >&2
for ranks in ${SOAPSTONE_RANKS:-1 2}; do
    # shellcheck disable=SC2086 # flags are words
    "${MPIEXEC:-mpiexec}" ${MPIEXEC_FLAGS:-} -n "$ranks" "$build/bin/bench_stages" \
        --output "$results/stages_$ranks.csv" "$@"
done
"$build/bin/bench_kernels" --benchmark_min_time=0.2 --benchmark_out="$results/kernels.csv" --benchmark_out_format=csv
uptime >&2
echo "results are in $results; scripts/checks/benchmark_table.py puts them into tests/benchmark/README.md"
