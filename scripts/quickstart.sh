#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a fresh clone to results: installs what is needed, builds the program and trains two models on the molecules that ship
# with the project, standard SOAP and radially scaled SOAP.
set -euo pipefail
cd "$(dirname "$0")/.."

ranks=${SOAPSTONE_RANKS:-2}
if [ "$(id -u)" = 0 ]; then # Open MPI asks root, as in a container, to say twice that it is meant
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

scripts/install_dependencies.sh
cmake --preset release
cmake --build --preset release --target soapstone

results=build/quickstart
mkdir -p "$results"
for kind in standard radial; do
    echo
    echo "== $kind SOAP, $ranks ranks"
    mpirun --oversubscribe -n "$ranks" build/release/bin/soapstone train --config "inputs/train_$kind.ini" \
        --output "$results/$kind.h5" --report "$results/$kind.json"
done

echo
python3 scripts/compare_reports.py "standard SOAP=$results/standard.json" "radially scaled SOAP=$results/radial.json"
