#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the fuzz targets, JOBS (1) at a time: scripts/checks/fuzz.sh [SECONDS_PER_TARGET (60)] [TARGET...]
# SEED (0: a different one each time) is the seed of libFuzzer.
# New inputs are kept in build/fuzz/corpus/TARGET and used again; inputs that show a defect are kept in
# build/fuzz/crashes, and the exit code is then 1. To reproduce a defect: build/fuzz/tests/fuzz_TARGET FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(extxyz qm9 coupling ini model checkpoint)
jobs=${JOBS:-1}
programs=$PWD/build/fuzz/tests
crashes=$PWD/build/fuzz/crashes

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" "${targets[@]/#/replay_}"
mkdir -p "$crashes"
# More memory than there is fails as it does without sanitizers.
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=print_suppressions=0

# One target; says what came of it in one go, since others run beside it.
fuzz() {
  local target=$1 longest=8192 learnt=$PWD/build/fuzz/corpus/$1 log=$crashes/$1.log
  mkdir -p "$learnt"
  "$programs/replay_$target" write-seeds "$learnt"
  [[ $target != model && $target != checkpoint ]] || longest=131072
  if "$programs/fuzz_$target" -seed="${SEED:-0}" -max_total_time="$seconds" -max_len="$longest" -len_control=0 \
      -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 -artifact_prefix="$crashes/$target-" "$learnt" \
      "tests/fuzz/corpus/$target" > "$log" 2>&1; then
    printf '%s: %s s\n%s\n' "$target" "$seconds" "$(grep -E "stat::(number_of_executed_units|peak_rss_mb)" "$log" | sed 's/^/  /')"
    return 0
  fi
  printf '%s: DEFECT: see %s\n%s\n' "$target" "$log" \
    "$(grep -E "DEFECT|ERROR|SUMMARY|runtime error|Test unit written" "$log" | sed 's/^/  /' || tail -20 "$log")"
  return 1
}

started=()
for target in "${targets[@]}"; do
  while (($(jobs -pr | wc -l) >= jobs)); do sleep 0.2; done
  fuzz "$target" &
  started+=($!)
done
found=0
for pid in "${started[@]}"; do wait "$pid" || found=1; done
if [ $found -ne 0 ]; then
  echo "Inputs that show a defect: $crashes"
  exit 1
fi
echo "No defect."
