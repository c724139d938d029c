# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# What elpasolites.sh and perovskites.sh share; they call reproduce.
# Environment, with the values of a full run:
#   SOAPSTONE   program (build/release/bin/soapstone)   RUN         words before it, e.g. "mpirun -n 2" (none)
#   PYTHON      with numpy and matplotlib (python3)
#   RESULTS     folder (build/<name>)                   SEED        of the split into structures for optimising and the rest (1)
#   OPTIMIZE    structures for optimising (2000)
#   ITERATIONS, SQUARE_ITERATIONS, WEIGHT_ITERATIONS    of L-BFGS for u at ζ = 1 (200), from there at ζ = 2 (60), for weights (15)
#   CHANNELS    numbers of channels ("1 2 4")           SIZES       training structures (100,250,500,1000,3000,6000)
#   BASELINE    composition, or mean, which small training sets of many elements may need (composition)
#   TEST        test structures (all the rest, at most 2000)         REPEATS     random splits (5)
#   N_MAX, L_MAX, SMALL_N_MAX, SMALL_L_MAX   of the basis: 8 and 6, and 4 and 3 where ζ is not 1
#   LAMBDAS     regularisations, of which cross-validation on the structures for optimising chooses the best (1e-8:1e-1:log15)
#   PUBLISHED   CSV of published curves, n_train,LABEL,... in eV/atom, with the labels of the table (none)
#   TOTAL       number of structures to use (0: all)    OPTIMIZE_KEYS, CURVE_KEYS, STANDARD_KEYS  further keys, as words
# Finished reports are kept, and a script continues where it was stopped; delete RESULTS for other settings.

soapstone() {
    # shellcheck disable=SC2086 # words
    ${RUN:-} "${SOAPSTONE:-build/release/bin/soapstone}" "$@"
}

settings=(--data.target-unit eV --soap.cutoff 5 --soap.gaussian-width 0.3 --radial-scaling.exponent 0)
baseline=(--data.baseline "${BASELINE:-composition}")
linear=("${settings[@]}" "${baseline[@]}" --soap.n-max "${N_MAX:-8}" --soap.l-max "${L_MAX:-6}" --kernel.zeta 1)
# At ζ = 2 fewer functions do, and the gradient costs more.
small_basis=(--soap.n-max "${SMALL_N_MAX:-4}" --soap.l-max "${SMALL_L_MAX:-3}")
square=("${settings[@]}" "${baseline[@]}" "${small_basis[@]}" --kernel.zeta 2)

# optimise NAME ITERATIONS KEYS...: on the structures for optimising. Few structures of many elements want a larger λ than many.
optimise() {
    local name=$1 iterations=$2
    shift 2
    [ -e "$results/optimum_$name.json" ] && return 0
    echo "== optimising: $name"
    # shellcheck disable=SC2086 # words
    soapstone optimize "${target[@]}" "$@" --data.structures "$results/optimize.xyz" --optimize.iterations "$iterations" \
        --report "$results/optimum_$name.json" --quiet ${OPTIMIZE_KEYS:-}
}

# u and λ by two folds, as published. Pauling's scale has no light noble gases: Allen's values, J. Am. Chem. Soc. 111, 9003 (1989).
coupling() {
    local name=$1 iterations=$2
    shift 2
    optimise "$name" "$iterations" "$@" --species.elements "$elements" --species.electronegativity He:4.16,Ne:4.79,Ar:3.24 \
        --validation.folds 2 --regression.regularization 1e-3 --optimize.parameters u,regularization --output "$results/coupling_$name.txt"
}

# curve NAME KEYS...: λ by cross-validation on the structures for optimising, then the learning curve on the others.
curve() {
    local name=$1 best
    shift
    [ -e "$results/curve_$name.json" ] && return 0
    echo "== learning curve: $name"
    soapstone evaluate "${target[@]}" "$@" --data.structures "$results/optimize.xyz" --validation.folds 5 \
        --regression.regularization "${LAMBDAS:-1e-8:1e-1:log15}" --output "$results/held_out_$name.csv" \
        --report "$results/lambda_$name.json" --quiet
    best=$("${PYTHON:-python3}" -c 'import json, sys; print(json.load(open(sys.argv[1]))["cv"]["regularization"])' "$results/lambda_$name.json")
    # shellcheck disable=SC2086 # words
    soapstone learning-curve "${target[@]}" "$@" --data.structures "$results/rest.xyz" --data.train "${sizes##*,}" --data.test "$test" \
        --regression.regularization "$best" --learning-curve.sizes "$sizes" --learning-curve.repeats "${REPEATS:-5}" \
        --output "$results/curve_$name.csv" --report "$results/curve_$name.json" --quiet ${CURVE_KEYS:-}
}

# The four kernels of the published multiple-kernel model, with its weights.
published_kernels() {
    curve several "${linear[@]}" --species.normalize after \
        --kernel.1.weight 4 --kernel.1.soap.cutoff 4 --kernel.2.weight 3 --kernel.2.soap.cutoff 6 \
        --kernel.3.weight 1 --kernel.3.soap.cutoff 6 --kernel.3.zeta 4 --kernel.4.weight 220 \
        --kernel.4.species.coupling "$results/coupling_$1.txt" --kernel.4.species.normalize before
}

# Standard SOAP, the optimised couplings at ζ = 1, 2 and 4, and a cutoff without neighbours, which is a kernel of compositions (and
# regularises the baseline); weights and λ by the gradient.
optimised_kernels() {
    optimise sum "${WEIGHT_ITERATIONS:-15}" "${settings[@]}" "${small_basis[@]}" --data.baseline mean --species.normalize after \
        --kernel.1.weight 0.1 --kernel.1.soap.cutoff 4 \
        --kernel.2.weight 0.1 --kernel.2.species.coupling "$results/coupling_$1.txt" --kernel.2.species.normalize before \
        --kernel.3.weight 2 --kernel.3.species.coupling "$results/coupling_square.txt" --kernel.3.zeta 2 \
        --kernel.4.weight 1 --kernel.4.species.coupling "$results/coupling_square.txt" --kernel.4.zeta 4 \
        --kernel.5.weight 2 --kernel.5.soap.cutoff 0.6 --kernel.5.soap.n-max 1 --kernel.5.soap.l-max 0 \
        --validation.folds 5 --regression.regularization 1e-2 --optimize.parameters weights,regularization --output "$results/sum.ini"
    curve sum --config "$results/sum.ini"
}

pictures() {
    local channels=$1 count
    shift
    "${PYTHON:-python3}" scripts/plotting/curve_table.py "${published_table[@]}" "$@" | tee "$results/table.md"
    "${PYTHON:-python3}" scripts/plot.py learning-curve "$@" "${published_curves[@]}" --output "$results/learning_curves"
    local histories=()
    for count in $channels; do
        "${PYTHON:-python3}" scripts/plot.py element-map "$results/optimum_$count.json" --output "$results/map_$count"
        "${PYTHON:-python3}" scripts/plot.py periodic-table "$results/optimum_$count.json" --output "$results/periodic_table_$count"
        "${PYTHON:-python3}" scripts/plot.py clusters "$results/optimum_$count.json" --output "$results/clusters_$count.json"
        histories+=("d_J = $count=$results/optimum_$count.json")
    done
    "${PYTHON:-python3}" scripts/plot.py history "${histories[@]}" --output "$results/history"
}

# reproduce NAME TARGET DATA: everything. TARGET is a key of the file DATA, in eV per atom.
reproduce() {
    if [ $# -ne 3 ] || [ ! -r "$3" ]; then
        sed -n '3,5s/^# \{0,1\}//p' "$0" >&2
        exit 2
    fi
    local name=$1 data count reports channels=${CHANNELS:-1 2 4} left
    target=(--data.target "$2" --data.target-scope per-atom)
    data=$(realpath "$3")
    [ -z "${PUBLISHED:-}" ] || PUBLISHED=$(realpath "$PUBLISHED")
    cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
    results=${RESULTS:-build/$name}
    sizes=${SIZES:-100,250,500,1000,3000,6000}
    published_table=() published_curves=()
    if [ -n "${PUBLISHED:-}" ]; then
        published_table=(--published "$PUBLISHED")
        published_curves=(--reference "$PUBLISHED" --only-matching)
    fi
    mkdir -p "$results"
    [ -e "$results/rest.xyz" ] || "${PYTHON:-python3}" scripts/data/split_xyz.py "$data" "${OPTIMIZE:-2000}" "$results/optimize.xyz" "$results/rest.xyz" \
        "${SEED:-1}" "${TOTAL:-0}"
    elements=$(cat "$results/optimize.xyz" "$results/rest.xyz" | awk '/^[A-Z][a-z]?[ \t]/ {print $1}' | sort -u | paste -sd,)
    left=$(grep -c Lattice "$results/rest.xyz")
    sizes=$(tr , '\n' <<<"$sizes" | awk -v most="$((left * 95 / 100))" '$1 <= most' | paste -sd,)
    test=${TEST:-$((left - ${sizes##*,} < 2000 ? left - ${sizes##*,} : 2000))}
    # shellcheck disable=SC2086 # words
    curve standard "${linear[@]}" ${STANDARD_KEYS:-}
    reports=("standard SOAP=$results/curve_standard.json")
    for count in $channels; do
        coupling "$count" "${ITERATIONS:-200}" "${linear[@]}" --species.channels "$count" --species.normalize before
        curve "$count" "${linear[@]}" --species.coupling "$results/coupling_$count.txt" --species.normalize before
        reports+=("d_J = $count=$results/curve_$count.json")
    done
    published_kernels "$count"
    reports+=("multiple kernels=$results/curve_several.json")
    coupling square "${SQUARE_ITERATIONS:-60}" "${square[@]}" --species.coupling "$results/coupling_$count.txt" --species.normalize after
    curve square "${square[@]}" --species.coupling "$results/coupling_square.txt" --species.normalize after
    reports+=("d_J = $count, ζ = 2=$results/curve_square.json")
    optimised_kernels "$count"
    reports+=("all kernels=$results/curve_sum.json")
    pictures "$channels" "${reports[@]}"
}
