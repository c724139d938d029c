#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Learns the coupling of the elements from energies that follow from a known one: makes synthetic crystals, optimises the coupling, and
# makes learning curves with and without it, tests with pairs of elements that never met in training, and figures. Takes minutes on 2 cores.
#
#   scripts/reproduce/planted.sh
#
# Environment: SOAPSTONE (build/release/bin/soapstone), RUN (words before it, e.g. "mpirun -n 2"), RESULTS (build/planted), PYTHON
# (python3), COUNT (1200 crystals), UNSEEN (200), OPTIMIZE (600 of them for the optimisation), ITERATIONS (300), SIZES
# (25,50,100,200,400), REPEATS (3), LAMBDA (1e-2, where the optimisation starts), STARTS (6 random ones), SEED (1), KEYS (further keys, as words).
set -euo pipefail
cd "$(dirname "$0")/../.."

results=${RESULTS:-build/planted}
sizes=${SIZES:-25,50,100,200,400}
python=${PYTHON:-python3}
plot() { "$python" scripts/plot.py "$@"; }
soapstone() {
    # shellcheck disable=SC2086 # words
    ${RUN:-} "${SOAPSTONE:-build/release/bin/soapstone}" "$@" --quiet ${KEYS:-}
}
# The energies are quadratic in densities within 4.5 Å; no norm divides them. A composition fitted beforehand would take a part away
# that depends on every element by itself, and leave energies that no function of κ gives.
settings=(--data.baseline none --kernel.zeta 1 --soap.n-max 5 --soap.l-max 2 --soap.cutoff 4.5 --soap.cutoff-width 4.5 --soap.gaussian-width 0.5
    --soap.normalize false --radial-scaling.exponent 0)

mkdir -p "$results"
"$python" scripts/data/make_planted.py "$results" --count "${COUNT:-1200}" --unseen "${UNSEEN:-200}" --starts "${STARTS:-6}" --seed "${SEED:-1}"
"$python" scripts/data/split_xyz.py "$results/planted.xyz.xz" "${OPTIMIZE:-600}" "$results/optimize.xyz" "$results/rest.xyz" "${SEED:-1}"
elements=$(sed -n 2p "$results/truth.txt" | tr ' ' ,)

# There are local minima, fewer of them while λ is large: it is optimised too, from a large one. Of several random starts the one with the least
# objective is kept. The truth is not looked at.
starts=${STARTS:-6}
for ((k = 1; k <= starts; k++)); do
    echo "== optimising the coupling, start $k of $starts"
    rm -f "$results/coupling_$k".checkpoint.h5*
    soapstone optimize "${settings[@]}" --data.structures "$results/optimize.xyz" --species.coupling "$results/start_$k.txt" \
        --species.elements "$elements" --validation.folds 2 --regression.regularization "${LAMBDA:-1e-2}" \
        --optimize.parameters u,regularization --optimize.iterations "${ITERATIONS:-300}" --output "$results/coupling_$k.txt" --report "$results/optimum_$k.json"
done
# shellcheck disable=SC2046 # words
best=$("$python" -c 'import json, sys
print(min(sys.argv[2:], key=lambda k: json.load(open(f"{sys.argv[1]}/optimum_{k}.json"))["objective"][-1]))' \
    "$results" $(seq "$starts"))
cp "$results/optimum_$best.json" "$results/optimum.json"
cp "$results/coupling_$best.txt" "$results/coupling.txt"
echo "start $best has the smallest objective; comparison with the coupling that made the energies:"
plot recovery "$results/optimum.json" --truth "$results/truth.txt" --output "$results/recovery.json"

# NAME and keys of a model: λ from the structures for the optimisation, the curve and the unseen combinations from the others.
model() {
    local name=$1 best
    shift
    echo "== $name"
    soapstone evaluate "${settings[@]}" "$@" --data.structures "$results/optimize.xyz" --validation.folds 5 \
        --regression.regularization 1e-8:1e-2:log7 --output "$results/$name.held_out.csv" --report "$results/$name.lambda.json"
    best=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["cv"]["regularization"])' "$results/$name.lambda.json")
    soapstone learning-curve "${settings[@]}" "$@" --data.structures "$results/rest.xyz" --data.train "${sizes##*,}" \
        --regression.regularization "$best" --data.test "${TEST:-150}" --learning-curve.sizes "$sizes" \
        --learning-curve.repeats "${REPEATS:-3}" --output "$results/$name.curve.csv" --report "$results/$name.curve.json"
    soapstone train "${settings[@]}" "$@" --data.structures "$results/rest.xyz" --regression.regularization "$best" \
        --output "$results/$name.h5" --report "$results/$name.train.json"
    soapstone predict --model "$results/$name.h5" --data.structures "$results/unseen.xyz.xz" --output "$results/$name.unseen.csv" \
        --report "$results/$name.unseen.json"
    plot parity "$results/$name.unseen.csv" --structures "$results/unseen.xyz.xz" --output "$results/$name.unseen"
}
model standard
model optimised --species.coupling "$results/coupling.txt"
model truth --species.coupling "$results/truth.txt"

echo "== figures and tables"
curves=("standard SOAP=$results/standard.curve.json" "optimised coupling=$results/optimised.curve.json"
    "true coupling=$results/truth.curve.json")
plot learning-curve "${curves[@]}" --output "$results/learning_curves"
for name in optimum truth; do
    file=$results/$name.txt
    [ "$name" = truth ] || file=$results/optimum.json
    plot element-map "$file" --groups "$results/groups.txt" --output "$results/map_$name"
done
plot periodic-table "$results/optimum.json" --output "$results/periodic_table"
plot history "$results/optimum.json" --output "$results/history"
plot clusters "$results/optimum.json" --groups "$results/groups.txt" --output "$results/clusters.json"
"$python" scripts/plotting/curve_table.py "${curves[@]}" | tee "$results/table.md"
echo "pairs of elements that never met in training, MAE in meV/atom:"
for name in standard optimised truth; do
    "$python" -c 'import json, sys; mae = json.load(open(sys.argv[1]))["test"]["mae"]; print(f"  {sys.argv[2]:<10} {1000 * mae:8.2f}")' \
        "$results/$name.unseen.json" "$name"
done
