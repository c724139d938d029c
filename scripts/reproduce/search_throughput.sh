#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Measures the points per hour of a search for several numbers of groups, from the reports of the same search.
#
#   scripts/reproduce/search_throughput.sh [RANKS [GROUPS...]]      (default: 2 ranks as 1 and as 2 groups)
#
# Environment: SOAPSTONE (build/release/bin/soapstone), MPIEXEC (mpiexec), MPIEXEC_FLAGS, CONFIG (inputs/search_radial.ini),
# KEYS (further keys, as words).
set -euo pipefail
cd "$(dirname "$0")/../.."

ranks=${1:-2}
if (($# > 1)); then groups=("${@:2}"); else groups=(1 "$ranks"); fi
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
export OMP_NUM_THREADS=1
folder=$(mktemp -d "${TMPDIR:-/tmp}/soapstone-throughput-XXXXXX")
trap 'rm -rf "$folder"' EXIT

printf '%6s %15s %7s %9s %15s %11s\n' groups ranks_per_group points seconds points_per_hour idle_share
for count in "${groups[@]}"; do
    # shellcheck disable=SC2086 # flags and keys are words
    "${MPIEXEC:-mpiexec}" ${MPIEXEC_FLAGS:-} -n "$ranks" "${SOAPSTONE:-build/release/bin/soapstone}" search \
        --config "${CONFIG:-inputs/search_radial.ini}" --search.groups "$count" --output "$folder/$count.csv" \
        --report "$folder/$count.json" --quiet ${KEYS:-} >"$folder/out" 2>"$folder/err" || {
        cat "$folder/err" >&2
        exit 1
    }
    python3 - "$folder/$count.json" <<'END'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    t = json.load(file)["throughput"]
print(f"{t['groups']:6d} {t['ranks_per_group']:15d} {t['points']:7d} {t['seconds']:9.1f} {t['points_per_hour']:15.0f} "
      f"{100 * t['idle_share']:9.1f} %")
END
done
