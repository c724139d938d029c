# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Functions for the job scripts in this folder: they start the program, forward the signal that the batch system sends before the time
# is up, and requeue the job when the program has stopped with a checkpoint.
#
#   SOAPSTONE               the program (build/release/bin/soapstone)
#   SOAPSTONE_LAUNCHER      srun (default) or mpirun
#   SOAPSTONE_LAUNCH_FLAGS  further flags for it, e.g. --mpi=pmix
#   SOAPSTONE_MAX_RESTARTS  how often a job may be requeued (20)

program=${SOAPSTONE:-build/release/bin/soapstone}
export OMP_NUM_THREADS=1
unset OPENBLAS_CORETYPE # let OpenBLAS choose its kernels for the nodes' CPU

warned=0

# Checks whether an option is among the arguments: has_option --output "$@"
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
            # A single task runs on one node; the other nodes of the job are not used.
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

# Runs the program on one task to its end and returns its exit code.
launch_one() {
    start 1 "$@" || return
    wait "$!"
}

# Runs the program with these arguments on all tasks of the job and returns its exit code. The launcher forwards a USR1 that this
# shell receives (#SBATCH --signal=B:USR1@600) to every rank; after a TERM, it would kill the ranks.
launch() {
    local code=0 child
    start "$SLURM_NTASKS" "$@" || return
    child=$!
    # shellcheck disable=SC2064 # the current child
    trap "warned=1; kill -USR1 $child 2>/dev/null || true" USR1
    while :; do
        code=0
        wait "$child" || code=$?
        kill -0 "$child" 2>/dev/null || break # a trapped signal ends `wait` too; the child goes on
    done
    # The first `wait` after a signal may have returned only the signal.
    wait "$child" 2>/dev/null || code=$?
    trap - USR1
    return "$code"
}

# After launch: ends the job with its exit code, or requeues it if the signal has stopped it.
finish_or_requeue() {
    local code=$1 restarts=${SLURM_RESTART_COUNT:-0}
    if ((code != 75 || warned == 0)); then
        exit "$code"
    fi
    if ((restarts >= ${SOAPSTONE_MAX_RESTARTS:-20})); then
        echo "stopped with a checkpoint after $restarts restarts, the maximum (SOAPSTONE_MAX_RESTARTS); submit the same job again to resume the run" >&2
        exit "$code"
    fi
    echo "stopped with a checkpoint; the job is requeued (restart $((restarts + 1)))"
    scontrol requeue "$SLURM_JOB_ID"
    sleep 60 # Slurm ends this script
    exit "$code"
}
