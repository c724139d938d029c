#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Makes the pictures of inputs/GALLERY.md: every kind of picture that scripts/plot.py draws, from the molecules and crystals that ship with
# the project. A few minutes on two cores; needs a build and matplotlib (scripts/install_dependencies.sh --plots).
#
#   SOAPSTONE        the program (build/release/bin/soapstone)   SOAPSTONE_RANKS    MPI ranks (2)
#   SOAPSTONE_RESULTS  models, reports and tables (build/gallery)   PICTURES        folder of the pictures (inputs/gallery)
#   PYTHON           with numpy, matplotlib and h5py (python3)
#
# Arguments are passed to every run, e.g. --soap.n-max 4 --soap.l-max 2 for a quick look. Finished reports are kept, and the script plots
# them again; delete the folder of results for other settings.
set -euo pipefail
cd "$(dirname "$0")/../.."

program=${SOAPSTONE:-build/release/bin/soapstone}
ranks=${SOAPSTONE_RANKS:-2}
results=${SOAPSTONE_RESULTS:-build/gallery}
pictures=${PICTURES:-inputs/gallery}
python=${PYTHON:-python3}
mkdir -p "$results" "$pictures"
if [ "$(id -u)" = 0 ]; then # Open MPI asks root, as in a container, to say twice that it is meant
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
more=("$@")

# run RANKS NAME COMMAND KEYS...: unless there is a report of that name.
run() {
    local count=$1 name=$2 command=$3
    shift 3
    [ -e "$results/$name.json" ] && return 0
    echo "== $name"
    mpirun --oversubscribe --bind-to none -n "$count" "$program" "$command" "$@" "${more[@]}" --quiet --report "$results/$name.part.json" >/dev/null
    mv "$results/$name.part.json" "$results/$name.json"
}
draw() { # PICTURE FILES AND OPTIONS...
    "$python" scripts/plot.py "$@" --output "$pictures/${1//-/_}.svg"
}

if [ ! -e "$results/test.xyz" ]; then
    "$python" scripts/data/split_xyz.py inputs/data/organics.xyz.xz "${TRAIN:-1500}" "$results/train.xyz" "$results/test.xyz"
fi
"$program" inspect inputs/data/organics.xyz.xz --report "$results/check.json" --quiet >/dev/null
draw data-check "$results/check.json"
model=(--config inputs/train_radial.ini --data.structures "$results/train.xyz" --data.train all --data.test 0 --soap.contraction 400)
run 1 train_1 train "${model[@]}" --output "$results/model_1.h5"
run 2 train_2 train "${model[@]}" --output "$results/model_2.h5"
run "$ranks" committee train "${model[@]}" --regression.uncertainty committee --output "$results/model.h5"
more=() # a model has its keys
run "$ranks" predict predict --model "$results/model.h5" --data.structures "$results/test.xyz" --output "$results/predictions.csv"
more=("$@")
run "$ranks" search search --config inputs/search_radial.ini --output "$results/search.csv"
run "$ranks" curve_standard learning-curve --config inputs/learning_curve.ini --soap.cutoff 3 --radial-scaling.exponent 0 \
    --output "$results/curve_standard.csv"
run "$ranks" curve_radial learning-curve --config inputs/learning_curve.ini --output "$results/curve_radial.csv"
run "$ranks" lambda evaluate --config inputs/learning_curve.ini --data.train 1000 --regression.regularization 1e-9:1e-4:log11 \
    --output "$results/held_out.csv"
run "$ranks" optimum optimize --config inputs/optimize.ini --output "$results/coupling.txt"
"$python" scripts/data/split_xyz.py "$results/test.xyz" 100 "$results/some.xyz" "$results/others.xyz"
small=(--soap.n-max 6 --soap.l-max 4)
((${#more[@]} == 0)) || small=()
run "$ranks" kernel kernel --data.structures "$results/some.xyz" "${small[@]}" --output "$results/kernel.h5"

draw parity "$results/predictions.csv" --structures "$results/test.xyz"
draw errors "$results/predictions.csv" --structures "$results/test.xyz"
draw calibration "$results/predictions.csv"
draw learning-curve "standard SOAP=$results/curve_standard.json" "radially scaled SOAP=$results/curve_radial.json"
draw search "$results/search.json"
draw regularization "$results/lambda.json"
draw stages "$results/train_1.json" "$results/train_2.json"
draw history "$results/optimum.json"
draw element-map "$results/optimum.json"
draw periodic-table "$results/optimum.json"
draw kernel "$results/kernel.h5" --sort
