#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a fresh clone to results: installs what is needed, builds the program and trains two models on the molecules that ship
# with the project, standard SOAP and radially scaled SOAP. Most of the time goes into compiling, and only the first time.
set -euo pipefail
cd "$(dirname "$0")/.."

ranks=${SOAPSTONE_RANKS:-2}
if [ "$(id -u)" = 0 ]; then # Open MPI asks root, as in a container, to say twice that it is meant
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

elapsed() {
    printf '%d min %02d s' $((SECONDS / 60)) $((SECONDS % 60))
}

step() {
    printf '\n== %s (%s so far)\n' "$1" "$(elapsed)"
}

# How much a first build compiles. A file takes two to six seconds of one core, depending on the machine.
announce_build() {
    local files cores
    [ ! -e build/release/bin/soapstone ] || return 0
    files=$(ninja -C build/release -t commands soapstone | grep -c -- ' -c ')
    cores=$(nproc)
    printf '%d files to compile, about %d to %d minutes on %d cores\n' "$files" \
        $((1 + 2 * files / cores / 60)) $((1 + 6 * files / cores / 60)) "$cores"
}

step "1/4 installing dependencies"
scripts/install_dependencies.sh --build-only

step "2/4 building the program"
first=() # without the tests, for which there may be no GoogleTest yet: scripts/test.sh adds them and keeps what is compiled here
[ -e build/release/CMakeCache.txt ] || first=(-DSOAPSTONE_TESTS=OFF)
cmake --preset release "${first[@]}"
announce_build
cmake --build --preset release --target soapstone

results=build/quickstart
mkdir -p "$results"
train() {
    mpirun --oversubscribe -n "$ranks" build/release/bin/soapstone train --config "inputs/train_$1.ini" \
        --output "$results/$1.h5" --report "$results/$1.json"
}
step "3/4 training with standard SOAP on $ranks ranks"
train standard
step "4/4 training with radially scaled SOAP on $ranks ranks"
train radial

printf '\n'
python3 scripts/plotting/compare_reports.py "standard SOAP=$results/standard.json" "radially scaled SOAP=$results/radial.json"
printf '\nDone in %s.\n' "$(elapsed)"
