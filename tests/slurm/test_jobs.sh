#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The job scripts on a real Slurm of this one node: searches that are warned, go back into the queue and finish with the table of
# an undisturbed run.
#
#   test_jobs.sh [srun|mpirun|cap|array|train|walltime]...   (default: the first five; walltime takes minutes)
#
# Environment: SOAPSTONE_PROGRAM. Exit code 77: skipped, with the reason.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/slurm/cluster.sh
source "$repository/tests/slurm/cluster.sh"

SOAPSTONE=${SOAPSTONE_PROGRAM:?the program to test}
export SOAPSTONE SOAPSTONE_SCRIPTS=$repository/scripts/slurm
unset OPENBLAS_CORETYPE # as the job scripts do: other kernels, other last digits
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_mpi_yield_when_idle=1
readonly keys=(--data.structures "$repository/inputs/data/organics.xyz.xz" --data.train 400 --soap.n-max 4 --soap.l-max 3
    --regression.regularization 1e-7:1e-3:log3)
readonly ranges=(--soap.cutoff "3,3.5,4" --radial-scaling.scale 1.5:3:4 --radial-scaling.exponent "2,3,4,5,6,7")
readonly size=(--ntasks=2 --ntasks-per-node=2 --nodes=1)

failure=
folder=$(mktemp -d "${TMPDIR:-/tmp}/soapstone-slurm-XXXXXX")
finish() {
    local code=$?
    if ((code != 0 && code != 77)); then
        tail -n 30 "$folder"/*.log >&2 || true
        echo "$failure" >&2
    fi
    scancel --user=root >/dev/null 2>&1 || true
    sleep 1
    stop_cluster
    rm -rf "$folder"
}
trap finish EXIT

fail() {
    failure="FAILED: $*"
    exit 1
}

expect() { # FILE WORDS
    grep -q -e "$2" "$1" || fail "no '$2' in $1"
}

state_of() {
    scontrol show job "$1" | sed -n 's/.*JobState=\([A-Z]*\).*/\1/p'
}

has_ended() {
    [[ $(state_of "$1") =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT)$ ]]
}

restarts_of() {
    scontrol show job "$1" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p'
}

points_shown() {
    (($(grep -c '^point' "$1") >= 2))
}

submit() { # NAME [sbatch options...] -- [arguments...]: the job's number
    local name=$1 options=()
    shift
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    shift
    sbatch --parsable --chdir="$folder" --output="$folder/$name.log" "${size[@]}" "${options[@]}" \
        "$repository/scripts/slurm/search.sh" "${keys[@]}" "${ranges[@]}" --output "$folder/$name.csv" "$@"
}

warn_and_requeue() { # NAME JOB
    wait_until 60 points_shown "$folder/$1.log" || fail "no points in $1.log"
    scancel --batch --signal=USR1 "$2"
    wait_until 90 grep -q "the job is requeued" "$folder/$1.log" || fail "$1 did not go back into the queue"
    wait_until 180 has_ended "$2" || fail "$1 did not end"
    [[ $(state_of "$2") == COMPLETED ]] || fail "$1 ended as $(state_of "$2")"
    [[ $(restarts_of "$2") == 1 ]] || fail "$1 was restarted $(restarts_of "$2") times"
    expect "$folder/$1.log" "stopped by SIGUSR1"
    expect "$folder/$1.log" "finished points in the checkpoint"
    cmp "$folder/whole.csv" "$folder/$1.csv" || fail "$1 gave another table"
}

test_srun() {
    export SOAPSTONE_LAUNCHER=srun SOAPSTONE_LAUNCH_FLAGS=--mpi=pmix
    warn_and_requeue srun "$(submit srun --)"
}

test_mpirun() {
    export SOAPSTONE_LAUNCHER=mpirun SOAPSTONE_LAUNCH_FLAGS="--oversubscribe --bind-to none"
    warn_and_requeue mpirun "$(submit mpirun --)"
}

test_cap() {
    local job
    export SOAPSTONE_LAUNCHER=mpirun SOAPSTONE_LAUNCH_FLAGS="--oversubscribe --bind-to none" SOAPSTONE_MAX_RESTARTS=0
    job=$(submit cap --)
    unset SOAPSTONE_MAX_RESTARTS
    wait_until 60 points_shown "$folder/cap.log" || fail "no points in cap.log"
    scancel --batch --signal=USR1 "$job"
    wait_until 60 has_ended "$job" || fail "cap did not end"
    scontrol show job "$job" | grep -q "ExitCode=75:0" || fail "cap did not end with 75"
    expect "$folder/cap.log" "after 0 restarts, the maximum"
}

test_array() {
    local job
    export SOAPSTONE_LAUNCHER=mpirun SOAPSTONE_LAUNCH_FLAGS="--oversubscribe --bind-to none"
    printf '[soap]\ncutoff = 3,4\n[radial-scaling]\nexponent = 0\n' >"$folder/a.ini"
    printf '[soap]\ncutoff = 3,4\n[radial-scaling]\nexponent = 5\n' >"$folder/b.ini"
    job=$(sbatch --parsable --chdir="$folder" --output="$folder/array-%a.log" --array=1-3 "${size[@]}" \
        "$repository/scripts/slurm/array.sh" a.ini b.ini -- "${keys[@]}")
    wait_until 120 test -s "$folder/b.csv" || fail "no table of array task 2"
    wait_until 60 grep -q "has no configuration file" "$folder/array-3.log" || fail "array task 3 has a file"
    wait_until 60 has_ended "${job}_2" || fail "array task 2 did not end"
    [[ $(wc -l <"$folder/a.csv") -eq 7 && $(wc -l <"$folder/b.csv") -eq 7 ]] || fail "tables of other sizes"
}

# A training run that is warned in its iterations.
test_train() {
    local job arguments
    export SOAPSTONE_LAUNCHER=mpirun SOAPSTONE_LAUNCH_FLAGS="--oversubscribe --bind-to none"
    arguments=(--data.structures "$repository/inputs/data/organics.xyz.xz" --data.train 1500 --soap.n-max 4 --soap.l-max 3
        --soap.contraction 80 --soap.contraction-method pca --regression.solver cg --regression.preconditioner-columns 20
        --regression.regularization 1e-4 --regression.tolerance 1e-14 --regression.max-iterations 400)
    job=$(sbatch --parsable --chdir="$folder" --output="$folder/train.log" "${size[@]}" \
        "$repository/scripts/slurm/train.sh" "${arguments[@]}" --output "$folder/train.h5")
    wait_until 90 grep -q '^iteration   5' "$folder/train.log" || fail "no iterations in train.log"
    scancel --batch --signal=USR1 "$job"
    wait_until 60 grep -q "the job is requeued" "$folder/train.log" || fail "train did not go back into the queue"
    wait_until 240 has_ended "$job" || fail "train did not end"
    [[ $(state_of "$job") == COMPLETED ]] || fail "train ended as $(state_of "$job")"
    expect "$folder/train.log" "stopped by SIGUSR1"
    expect "$folder/train.log" "resuming after iteration"
    [[ -s $folder/train.h5 && ! -e $folder/train-$job.checkpoint.h5 ]] || fail "no model, or a checkpoint that is left"
}

# Slurm's own warning: jobs of one minute, warned half a minute before their end, as often as it takes.
test_walltime() {
    local job
    export SOAPSTONE_LAUNCHER=mpirun SOAPSTONE_LAUNCH_FLAGS="--oversubscribe --bind-to none"
    job=$(sbatch --parsable --chdir="$folder" --output="$folder/walltime.log" "${size[@]}" --time=1 --signal=B:USR1@30 \
        "$repository/scripts/slurm/search.sh" --data.structures "$repository/inputs/data/organics.xyz.xz" \
        --data.train 400 --soap.n-max 6 --soap.l-max 4 --regression.regularization 1e-6 "${ranges[@]}" \
        --output "$folder/walltime.csv")
    wait_until 900 has_ended "$job" || fail "walltime did not end"
    [[ $(state_of "$job") == COMPLETED ]] || fail "walltime ended as $(state_of "$job")"
    (($(restarts_of "$job") >= 1)) || fail "the search was faster than its time"
    expect "$folder/walltime.log" "stopped by SIGUSR1"
    [[ $(wc -l <"$folder/walltime.csv") -eq 73 ]] || fail "a table of another size"
    echo "walltime: $(restarts_of "$job") restarts"
}

start_cluster "$folder"
"$SOAPSTONE" search "${keys[@]}" "${ranges[@]}" --output "$folder/whole.csv" --quiet >/dev/null
cases=("$@")
((${#cases[@]})) || cases=(srun mpirun cap array train)
for one in "${cases[@]}"; do
    "test_$one"
    echo "$one: ok"
done
