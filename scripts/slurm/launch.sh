# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# For the job scripts beside it: starts the program, passes on the batch system's warning before the time is up, and puts the job
# back into the queue when the program has stopped with a checkpoint.
#
#   SOAPSTONE               the program (build/release/bin/soapstone)
#   SOAPSTONE_LAUNCHER      srun (default) or mpirun
#   SOAPSTONE_LAUNCH_FLAGS  further flags for it, e.g. --mpi=pmix
#   SOAPSTONE_MAX_RESTARTS  how often a job may go back into the queue (20)

program=${SOAPSTONE:-build/release/bin/soapstone}
export OMP_NUM_THREADS=1
unset OPENBLAS_CORETYPE # let OpenBLAS choose its kernels for the nodes' CPU

warned=0

# Whether an option is among arguments: has_option --output "$@"
has_option() {
    local wanted=$1 word
    shift
    for word in "$@"; do
        [[ $word == "$wanted" || $word == "$wanted="* ]] && return 0
    done
    return 1
}

# Starts the program with these arguments on COUNT tasks in the background: start COUNT ARGUMENTS...
start() {
    local count=$1 flags
    shift
    read -r -a flags <<<"${SOAPSTONE_LAUNCH_FLAGS:-}"
    case ${SOAPSTONE_LAUNCHER:-srun} in
        srun)
            # One task alone is on one node, and leaves the others of the job unused.
            ((count > 1)) || flags+=(--nodes=1 --ntasks-per-node=1)
            srun --ntasks="$count" --cpu-bind=cores "${flags[@]}" "$program" "$@" &
            ;;
        mpirun) mpirun -n "$count" "${flags[@]}" "$program" "$@" & ;;
        *)
            echo "SOAPSTONE_LAUNCHER is '$SOAPSTONE_LAUNCHER': expected srun or mpirun" >&2
            return 2
            ;;
    esac
}

# Runs the program on one task, to its end; its exit code.
launch_one() {
    start 1 "$@" || return
    wait "$!"
}

# Runs the program with these arguments on all tasks of the job; its exit code. A USR1 to this shell (#SBATCH
# --signal=B:USR1@600) reaches every rank through the launcher, which would not pass a TERM on patiently.
launch() {
    local code=0 child
    start "$SLURM_NTASKS" "$@" || return
    child=$!
    # shellcheck disable=SC2064 # the child of now
    trap "warned=1; kill -USR1 $child 2>/dev/null || true" USR1
    while :; do
        code=0
        wait "$child" || code=$?
        kill -0 "$child" 2>/dev/null || break # a trapped signal ends `wait` too; the child goes on
    done
    # The first `wait` after a signal may have told of the signal alone.
    wait "$child" 2>/dev/null || code=$?
    trap - USR1
    return "$code"
}

# After launch: ends the job with its code, or puts it back into the queue if it was stopped by the warning.
finish_or_requeue() {
    local code=$1 restarts=${SLURM_RESTART_COUNT:-0}
    if ((code != 75 || warned == 0)); then
        exit "$code"
    fi
    if ((restarts >= ${SOAPSTONE_MAX_RESTARTS:-20})); then
        echo "stopped with a checkpoint after $restarts restarts, the most that are allowed; submit the same job again to go on" >&2
        exit "$code"
    fi
    echo "stopped with a checkpoint; back into the queue (restart $((restarts + 1)))"
    scontrol requeue "$SLURM_JOB_ID"
    sleep 60 # Slurm ends this script
    exit "$code"
}
