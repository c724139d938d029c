#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Short forms of checks that the tests of an optimised build cannot do; JOBS (2) at once:
#   scripts/checks.sh [--turn] [--only NAME]...
#   cppcheck     over all sources
#   clang-tidy   over the files of the last commit and 1/SLICES (1/8) of all other sources, a different part for each commit
#   valgrind     training and prediction on one and on two ranks
#   fuzz         every reader for FUZZ_SECONDS (60), with the same SEED (1) each time, so that a finding is due to a change of the sources
#   sanitizers   the tests labelled `asan`, with MPI on 1 to 4 ranks
# Parts of the last two that need only a small build:
#   leak         checks that a deliberate leak is detected
#   readers      the readers of structures and couplings for READER_SECONDS (20)
# --turn, for continuous integration, whose time is limited: cppcheck, clang-tidy, leak, readers, and one of valgrind, fuzz and
# sanitizers (1/SLICES of its tests); the commit decides which.
# The long forms: scripts/checks/check_static.sh, scripts/checks/fuzz.sh SECONDS, ctest --preset asan. Exit code 1: something was found.
set -euo pipefail
cd "$(dirname "$0")/.."
all=(cppcheck clang-tidy valgrind fuzz sanitizers)
turns=(valgrind fuzz sanitizers)
parts=(leak readers)
slices=${SLICES:-8}
commit=$((16#$(git rev-parse --short=7 HEAD | cut -c1-7)))
export JOBS=${JOBS:-2}

usage() {
  sed -n '3,16s/^# //p' "$0"
  exit 2
}

# A clone of one commit alone has no commit before it: then the slice alone.
clang_tidy() {
  local since=()
  ! git rev-parse --quiet --verify 'HEAD~1^{commit}' >/dev/null || since=(--since HEAD~1)
  scripts/checks/check_static.sh --only clang-tidy --slice "$((commit % slices + 1))/$slices" "${since[@]}"
}

# One rank or two beside others, more alone; a SLICES-th: no more is built than that takes.
sanitizers() {
  local targets=(asan_programs) chosen=() part
  cmake --preset asan >build/asan.log || return
  if [[ $turn == yes ]]; then
    part=$(scripts/checks/test_slice.py build/asan asan "$((commit / ${#turns[@]} % slices + 1))/$slices")
    read -ra targets <<<"${part%%$'\n'*}"
    chosen=(-R "${part#*$'\n'}")
  fi
  cmake --build build/asan --target "${targets[@]}" && ctest --preset asan --no-tests=error -j "$JOBS" -E '\.6$' "${chosen[@]}"
}

leak() {
  cmake --preset asan >build/asan.log && cmake --build build/asan --target deliberate_failures &&
    ctest --preset asan --no-tests=error -R '^driver\.leak\.'
}

# `&&`: in a condition, as here, the shell does not stop at what fails.
check() {
  mkdir -p build
  case $1 in
    cppcheck) scripts/checks/check_static.sh --only cppcheck ;;
    clang-tidy) clang_tidy ;;
    valgrind) cmake --preset portable >build/portable.log && cmake --build --preset valgrind && ctest --preset valgrind --no-tests=error ;;
    fuzz) SEED=${SEED:-1} scripts/checks/fuzz.sh "${FUZZ_SECONDS:-60}" ;;
    sanitizers) sanitizers ;;
    leak) leak ;;
    readers) SEED=${SEED:-1} scripts/checks/fuzz.sh "${READER_SECONDS:-20}" extxyz qm9 coupling ;;
  esac
}

turn=no chosen=()
while (($#)); do
  case $1 in
    --turn) turn=yes && chosen+=(cppcheck clang-tidy "${parts[@]}" "${turns[commit % ${#turns[@]}]}") ;;
    --only)
      [[ " ${all[*]} ${parts[*]} " == *" ${2:-} "* ]] || usage
      chosen+=("$2") && shift
      ;;
    *) usage ;;
  esac
  shift
done
((${#chosen[@]})) || chosen=("${all[@]}")

failed=0 table=''
for name in "${chosen[@]}"; do
  echo "== $name"
  start=$(date +%s) verdict=passed
  check "$name" || { verdict=FAILED && failed=1; }
  table+=$(printf '%-12s%-8s%5d s' "$name" "$verdict" "$(($(date +%s) - start))")$'\n'
done
printf '\n%s' "$table"
exit $failed
