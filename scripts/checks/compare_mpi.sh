#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Do builds with Open MPI and MPICH give the same errors? Runs the test integration.grids in both builds; the second run compares
# its errors with those of the first: scripts/checks/compare_mpi.sh [BUILD_FOLDER (build/release)] [OTHER (build/mpich)]
# The figure other_mpi_mae_difference is written to the log of the second folder, for scripts/checks/promises.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
errors=$(mktemp -u)
trap 'rm -f "$errors"' EXIT
for folder in "${1:-build/release}" "${2:-build/mpich}"; do
  SOAPSTONE_MAE_FILE=$errors ctest --test-dir "$folder" -R '^integration\.grids$' --output-on-failure
done
grep -h "FIGURE other_mpi_mae_difference" "${2:-build/mpich}/Testing/Temporary/LastTest.log"
