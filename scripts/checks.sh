#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Short forms of what the tests of one optimised build do not hold; continuous integration runs them after the tests:
#   scripts/checks.sh [--only NAME]...     JOBS (2) at once
#   cppcheck     over all sources
#   clang-tidy   over what the last commit changed and a SLICES-th (8) of all other sources, another one for each commit
#   valgrind     training and prediction on one and on two ranks
#   fuzz         every reader for FUZZ_SECONDS (60), from the same SEED (1) each time: what is found is then of the change itself
#   sanitizers   the tests labelled `asan`, with MPI on 1 to 4 ranks
# The long forms: scripts/check_static.sh, scripts/fuzz.sh SECONDS, ctest --preset asan. Exit code 1: something was found.
set -euo pipefail
cd "$(dirname "$0")/.."
all=(cppcheck clang-tidy valgrind fuzz sanitizers)
export JOBS=${JOBS:-2}

usage() {
  sed -n '3,10s/^# //p' "$0"
  exit 2
}

# A clone of one commit alone has no commit before it: then the slice alone.
clang_tidy() {
  local slices=${SLICES:-8} count since=()
  count=$(git rev-list --count HEAD)
  ! git rev-parse --quiet --verify 'HEAD~1^{commit}' >/dev/null || since=(--since HEAD~1)
  scripts/check_static.sh --only clang-tidy --slice "$((count % slices + 1))/$slices" "${since[@]}"
}

# `&&`: in a condition, as here, the shell does not stop at what fails.
check() {
  mkdir -p build
  case $1 in
    cppcheck) scripts/check_static.sh --only cppcheck ;;
    clang-tidy) clang_tidy ;;
    valgrind) cmake --preset portable >build/portable.log && cmake --build --preset valgrind && ctest --preset valgrind --no-tests=error ;;
    fuzz) SEED=${SEED:-1} scripts/fuzz.sh "${FUZZ_SECONDS:-60}" ;;
    sanitizers) # one rank or two beside others, more alone
      cmake --preset asan >build/asan.log && cmake --build --preset asan &&
        ctest --preset asan --no-tests=error -j "$JOBS" -E '\.6$' ;;
  esac
}

chosen=()
while (($#)); do
  [[ $1 == --only && " ${all[*]} " == *" ${2:-} "* ]] || usage
  chosen+=("$2")
  shift 2
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
