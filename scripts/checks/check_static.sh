#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs cppcheck over all sources and clang-tidy (.clang-tidy) over all sources or those that differ from a commit:
#   scripts/checks/check_static.sh [--since COMMIT] [--slice I/N] [--only cppcheck|clang-tidy] [FILE...]
# --slice: every N-th source from the I-th on, with --since in addition to those that differ.
# What is suppressed, and why, is in .cppcheck-suppressions and .clang-tidy; one line: // cppcheck-suppress ID, // NOLINT(ID).
# JOBS (2) at once. scripts/install_dependencies.sh --checks installs both. Exit code 1: there are findings.
set -euo pipefail
cd "$(dirname "$0")/../.."
since='' slice='' only='' files=()
while (($#)); do
  case "$1" in
    --since) since=$2 && shift ;;
    --slice) slice=$2 && shift ;;
    --only) only=$2 && shift ;;
    -*) sed -n '3,7s/^# //p' "$0" && exit 2 ;;
    *) files+=("$1") ;;
  esac
  shift
done
jobs=${JOBS:-2}
build=build/static
failed=0

sources() { git ls-files '*.cpp' '*.c'; }

choose_files() {
  ((${#files[@]})) && return
  mapfile -t files < <({
    [[ -z $since ]] || git diff --name-only --diff-filter=d "$since" -- '*.cpp' '*.c'
    if [[ -n $slice ]]; then
      sources | awk -v i="${slice%/*}" -v n="${slice#*/}" 'NR % n == i % n'
    elif [[ -z $since ]]; then
      sources
    fi
  } | sort -u)
}

run_cppcheck() {
  mkdir -p "$build/cppcheck"
  local folders=()
  for room in src/*/; do folders+=(-I "$room"); done
  cppcheck -j "$jobs" --quiet --error-exitcode=1 --inline-suppr --std=c++20 --library=googletest \
    --enable=warning,performance,portability --suppressions-list=.cppcheck-suppressions \
    --cppcheck-build-dir="$build/cppcheck" -I include "${folders[@]}" src tests || failed=1
}

# Needs no build: every file as the compiler would see it. What no target compiles (tests/integration/consumer) is left out.
run_clang_tidy() {
  cmake --preset release -B "$build" -DSOAPSTONE_NATIVE=OFF -DSOAPSTONE_UNITY=OFF >"$build/configure.log"
  local known=()
  for file in "${files[@]}"; do
    if grep -q "\"file\": \"$PWD/$file\"" "$build/compile_commands.json"; then known+=("$file"); fi
  done
  ((${#known[@]})) || return 0
  printf '%s\0' "${known[@]}" | xargs -0 -n 1 -P "$jobs" clang-tidy -p "$build" --quiet 2>/dev/null || failed=1
}

choose_files
mkdir -p "$build"
[[ $only == clang-tidy ]] || run_cppcheck
[[ $only == cppcheck ]] || run_clang_tidy
[[ $failed == 0 ]] && echo "no findings"
exit $failed
