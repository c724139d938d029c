#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Shows which lines and branches the tests reach: scripts/checks/coverage.sh [--quick | TEST_PROGRAM...]
# With names of test programs (test_block_cyclic test_krr ...) it builds and runs only these, otherwise all tests, with JOBS (2) ranks
# at once. --quick leaves out the slowest tests that reach only code that others reach too: millions of quadratures, the largest
# numbers of ranks, tests of scripts, and tests with killed ranks, which record no coverage.
# Writes build/coverage/report/index.html and prints totals per room. scripts/install_dependencies.sh --checks installs gcovr.
# Branches that only exceptions take (for the compiler, every call may throw) are not counted.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v gcovr >/dev/null || { echo "gcovr is missing: scripts/install_dependencies.sh --checks" >&2; exit 2; }
build=build/coverage

slow=()
if [[ ${1:-} == --quick ]]; then
  shift
  slow=(-E '^(test_(rotation_average|density_expansion|radial_integrals|grids.*|reduction)|driver\..*|.*\.6|.*\.delayed|slurm.*|docs|room.*|promises)$|^integration\.(pictures|reproduce|inputs|install|packaging|fetch_qm9|chemiscope|species)$|^faults\.(failing_rank|full_disk)$')
fi

cmake --preset coverage >/dev/null
cmake --build --preset coverage ${1:+--target "$@"}
find "$build" -name '*.gcda' -delete
names=$(IFS='|' && echo "$*")
status=0
ctest --preset coverage -j "${JOBS:-2}" "${slow[@]}" ${names:+-R "^($names)(\\.|\$)"} || status=$? # a report of failing tests is worth something too

mkdir -p "$build/report"
gcovr --root . --object-directory "$build" --filter src/ --filter include/ --exclude-throw-branches \
  --exclude-unreachable-branches --html-details "$build/report/index.html" --csv "$build/report/files.csv" --print-summary

# Rooms, from the table of files.
python3 - "$build/report/files.csv" <<'PY'
import collections, csv, sys
rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
with open(sys.argv[1]) as table:
    for row in csv.DictReader(table):
        parts = row["filename"].split("/")
        room = parts[1] if parts[0] == "src" else parts[2]
        for i, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
            rooms[room][i] += int(row[key])
print(f"{'room':12}{'lines':>8}{'reached':>9}{'branches':>10}{'reached':>9}")
for room, (lines, all_lines, branches, all_branches) in sorted(rooms.items()):
    print(f"{room:12}{all_lines:8}{lines / max(1, all_lines):9.1%}{all_branches:10}{branches / max(1, all_branches):9.1%}")
PY
exit $status
