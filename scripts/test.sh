#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a fresh clone to tested: installs what is needed, builds everything and runs the tests. What quickstart.sh has compiled is not
# compiled again; warnings are errors where `cmake --preset release -DSOAPSTONE_WERROR=ON` has said so once, as CI does.
# Arguments go to ctest, e.g. `scripts/test.sh -R krr`; after a first `--long` the long forms are run instead, one at a time. The others run
# side by side, as many ranks in all as twice the cores, since many wait: for hung ranks, a queue, a signal; `-j1` says otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=release
jobs=$((2 * $(nproc)))
if [ "${1:-}" = --long ]; then
  tests=long
  jobs=1
  shift
fi
scripts/install_dependencies.sh
cmake --preset release -DSOAPSTONE_TESTS=ON
cmake --build --preset release
code=0
ctest --preset "$tests" -j "$jobs" "$@" || code=$?
# ctest has named the tests that did not run; why, and parts of others that were left out:
log=build/release/Testing/Temporary/LastTest.log
reasons=$(grep -ohE "^skipped: .*|[.]{3} skipped '.*'" "$log" 2>/dev/null | sed "s/^[.]* //" | sort -u) || true
if [ -n "$reasons" ]; then
  printf 'Skipped, because of:\n%s\n' "$reasons"
  echo "scripts/install_dependencies.sh --plots --docs --checks --slurm --mpich installs what is optional."
fi
exit "$code"
