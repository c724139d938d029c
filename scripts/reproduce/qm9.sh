#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From QM9 to tables and figures: the coupling of the elements and the radial scaling optimised together by the gradient, at zeta = 2,
# against the best of the grids; learning curves on molecules that the optimisation did not see.
#
#   scripts/reproduce/qm9.sh qm9/qm9.xyz.xz
#
# The file is the one of scripts/fetch_qm9.sh; for another file, TARGET is the key of the energy (hartree). An evaluation of the loss takes about
# half a minute to a minute on two cores. The contraction is fitted at the start of each round and held fixed in it, so that a second
# round, with more features, begins where the first one ends. Environment, with the values of a full run:
#   SOAPSTONE   program (build/release/bin/soapstone)   RUN         words before it, e.g. "mpirun -n 2" (none)
#   PYTHON      with numpy and matplotlib (python3)     RESULTS     folder (build/qm9)
#   TARGET      key of the energy (U0)
#   OPTIMIZE    molecules for optimising (4000)         VALIDATE    others for choosing λ (6000)
#   TOTAL       molecules in all (28000)                SEED        of the split (1)
#   FOLDS       of the optimisation (5)                 CHANNELS    of the elements (5)
#   ROUNDS      FEATURES:HUBER:ITERATIONS of each round ("300:0.002:9 500:0.001:14"); HUBER: errors above this (eV/atom) count
#               linearly, or none: squared errors, which a few molecules dominate
#   PARAMETERS  that are optimised (u,scale,exponent,rate,central-weight,sigma,regularization)
#   SIGMA_E, SIGMA_R  of the Gaussian coupling (2, 1: the best of the grids)
#   SMALL, LARGE  n-max and l-max of the optimisation and of the curves ("8 6" both)
#   CONTRACTION features of the curves (500)            SIZES       training molecules (500,1000,2000,4000,10000)
#   TEST        test molecules (5000)                   REPEATS     random splits (1)
#   LAMBDAS     regularisations, of which cross-validation on these molecules chooses the best (1e-10:1e-6:log9)
# Finished reports are kept, and the script continues where it was stopped; delete RESULTS for other settings.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    sed -n '3,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
data=$(realpath "$1")
cd "$(dirname "$0")/../.."
results=${RESULTS:-build/qm9}
sizes=${SIZES:-500,1000,2000,4000,10000}
python=${PYTHON:-python3}
read -r small_n small_l <<<"${SMALL:-8 6}"
read -r large_n large_l <<<"${LARGE:-8 6}"
soapstone() {
    # shellcheck disable=SC2086 # words
    ${RUN:-} "${SOAPSTONE:-build/release/bin/soapstone}" "$@" --quiet
}
mkdir -p "$results"
if [ ! -e "$results/rest.xyz" ]; then
    "$python" scripts/data/split_xyz.py "$data" "${OPTIMIZE:-4000}" "$results/optimize.xyz" "$results/others.xyz" "${SEED:-1}" "${TOTAL:-28000}"
    "$python" scripts/data/split_xyz.py "$results/others.xyz" "${VALIDATE:-6000}" "$results/validate.xyz" "$results/rest.xyz" "${SEED:-1}"
    rm "$results/others.xyz"
fi

target=(--data.target "${TARGET:-U0}" --data.target-unit hartree --kernel.zeta 2 --soap.cutoff 5)
standard=(--soap.gaussian-width 0.3 --radial-scaling.exponent 0)
radial=(--soap.gaussian-width 0.3 --radial-scaling.scale 2 --radial-scaling.exponent 7 --radial-scaling.rate 1)
grids=("${radial[@]}" --species.coupling gaussian --species.sigma-electronegativity "${SIGMA_E:-2}" --species.sigma-radius "${SIGMA_R:-1}")

# What was optimised, as keys in the array `optimised`: σ, r0, m, c and u0 from an INI file, and the coupling that comes with it.
optimum_of() { # COUPLING, without its ending
    mapfile -t optimised < <("$python" - "$1.ini" <<'END'
import configparser
import sys
ini = configparser.ConfigParser(inline_comment_prefixes="#")
with open(sys.argv[1], encoding="utf-8") as file:
    ini.read_string("[top]\n" + file.read())
for section, names in (("soap", ("gaussian-width", "central-weight")), ("radial-scaling", ("scale", "exponent", "rate"))):
    for name in names:
        if ini.has_option(section, name):
            print(f"--{section}.{name}\n{ini[section][name]}")
END
)
    optimised+=(--species.coupling "$1.txt")
}

start=("${grids[@]}" --species.channels "${CHANNELS:-5}")
histories=()
round=0
for settings in ${ROUNDS:-300:0.002:9 500:0.001:14}; do
    round=$((round + 1))
    IFS=: read -r features huber iterations <<<"$settings"
    if [ ! -e "$results/optimum_$round.json" ]; then
        echo "== round $round of optimising ${PARAMETERS:=u,scale,exponent,rate,central-weight,sigma,regularization}"
        soapstone optimize "${target[@]}" "${start[@]}" --soap.n-max "$small_n" --soap.l-max "$small_l" --soap.contraction "$features" \
            --data.structures "$results/optimize.xyz" --validation.folds "${FOLDS:-5}" --regression.regularization 1e-8 \
            --optimize.parameters "$PARAMETERS" --optimize.huber-width "$huber" --optimize.iterations "$iterations" \
            --output "$results/coupling_$round.txt" --report "$results/optimum_$round.json"
    fi
    optimum_of "$results/coupling_$round"
    start=("${optimised[@]}")
    histories+=("round $round=$results/optimum_$round.json")
done

# model NAME LABEL KEYS...: λ by cross-validation, on more molecules than the optimisation had since it falls with their number, then the
# learning curve on the rest.
curves=()
model() {
    local name=$1 label=$2 basis best
    basis=(--soap.n-max "$large_n" --soap.l-max "$large_l" --soap.contraction "${CONTRACTION:-500}" --soap.contraction-method pca)
    shift 2
    curves+=("$label=$results/curve_$name.json")
    [ -e "$results/curve_$name.json" ] && return 0
    echo "== $label"
    soapstone evaluate "${target[@]}" "${basis[@]}" "$@" --data.structures "$results/validate.xyz" --validation.folds 5 \
        --regression.regularization "${LAMBDAS:-1e-10:1e-6:log9}" --output "$results/held_out_$name.csv" --report "$results/lambda_$name.json"
    best=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["cv"]["regularization"])' "$results/lambda_$name.json")
    soapstone learning-curve "${target[@]}" "${basis[@]}" "$@" --data.structures "$results/rest.xyz" --data.train "${sizes##*,}" \
        --data.test "${TEST:-5000}" --regression.regularization "$best" --learning-curve.sizes "$sizes" \
        --learning-curve.repeats "${REPEATS:-1}" --output "$results/curve_$name.csv" --report "$results/curve_$name.json"
}
model standard "standard SOAP" "${standard[@]}"
model radial "radial scaling" "${radial[@]}"
model grids "radial scaling and Gaussian coupling, from grids" "${grids[@]}"
model joint "optimised together" "${optimised[@]}"

"$python" scripts/plotting/curve_table.py "${curves[@]}" | tee "$results/table.md"
"$python" scripts/plot.py learning-curve "${curves[@]}" --output "$results/learning_curves"
"$python" scripts/plot.py history "${histories[@]}" --output "$results/history"
