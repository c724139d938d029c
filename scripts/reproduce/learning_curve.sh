#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Makes the picture at the top of README.md: learning curves of standard and of radially scaled SOAP on the molecules that ship with the
# project, by inputs/learning_curve.ini: three random splits, 500 test molecules each, 400 contracted features per environment. Half a
# minute on two cores; needs a build and matplotlib (scripts/install_dependencies.sh --plots).
#
#   SOAPSTONE        the program (build/release/bin/soapstone)
#   SOAPSTONE_RANKS  MPI ranks (2)
#
# Arguments are passed to both runs, e.g. --data.train 200 --learning-curve.sizes 50,100,200 for a quick look; the reports and, with
# arguments, the picture are written to build/learning_curve.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${SOAPSTONE:-build/release/bin/soapstone}
ranks=${SOAPSTONE_RANKS:-2}
results=${SOAPSTONE_RESULTS:-build/learning_curve}
mkdir -p "$results"
picture=inputs/learning_curve.svg
(($# == 0)) || picture=$results/learning_curve.png
if [ "$(id -u)" = 0 ]; then # Open MPI asks root, as in a container, to say twice that it is meant
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

curve() { # NAME [keys...]
    local name=$1
    shift
    mpirun --oversubscribe --bind-to none -n "$ranks" "$program" learning-curve --config inputs/learning_curve.ini "$@" \
        --output "$results/$name.csv" --report "$results/$name.json"
}
curve standard --soap.cutoff 3 --radial-scaling.exponent 0 "$@"
curve radial "$@"
"${PYTHON:-python3}" scripts/plot.py learning-curve "standard SOAP=$results/standard.json" \
    "radially scaled SOAP=$results/radial.json" --output "$picture"
