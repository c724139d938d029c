#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the fuzz targets one after the other: scripts/fuzz.sh [SECONDS_PER_TARGET (60)] [TARGET...]
# What they learn is kept in build/fuzz/corpus/TARGET and used again; inputs that show a defect are kept in
# build/fuzz/crashes, and the exit code is then 1. To see one again: build/fuzz/tests/fuzz_TARGET FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(extxyz qm9 coupling ini model)
programs=$PWD/build/fuzz/tests
crashes=$PWD/build/fuzz/crashes

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" "${targets[@]/#/replay_}"
mkdir -p "$crashes"
# More memory than there is fails as it does without sanitizers.
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=print_suppressions=0

found=0
for target in "${targets[@]}"; do
  learnt=$PWD/build/fuzz/corpus/$target
  mkdir -p "$learnt"
  "$programs/replay_$target" write-seeds "$learnt"
  longest=8192
  [ "$target" != model ] || longest=131072
  log=$crashes/$target.log
  echo "$target: $seconds s"
  if "$programs/fuzz_$target" -max_total_time="$seconds" -max_len="$longest" -len_control=0 -timeout=10 -malloc_limit_mb=64 \
      -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 -artifact_prefix="$crashes/$target-" "$learnt" \
      "tests/fuzz/corpus/$target" > "$log" 2>&1; then
    grep -E "stat::(number_of_executed_units|peak_rss_mb)" "$log" | sed 's/^/  /'
  else
    found=1
    echo "  DEFECT: see $log"
    grep -E "DEFECT|ERROR|SUMMARY|runtime error|Test unit written" "$log" | sed 's/^/  /' || tail -20 "$log"
  fi
done
if [ $found -ne 0 ]; then
  echo "Inputs that show a defect: $crashes"
  exit 1
fi
echo "No defect."
