#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Trains a model on a cluster, over as many jobs as necessary. From the top of the repository:
#
#   sbatch --nodes=4 scripts/slurm/train.sh --config inputs/qm9_100k_cluster.ini
#
# Arguments are passed to `soapstone train`. There is one rank per core and one BLAS thread per rank. Before the time is up, the run
# stops with a checkpoint (the kernel matrix if this saves time, or the vectors of the iterative solver) and the job is requeued; a
# factorisation is not interrupted. For the settings see scripts/slurm/launch.sh.
#SBATCH --job-name=soapstone
#SBATCH --time=08:00:00
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --exclusive
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@600
#SBATCH --output=%x-%j.log
set -euo pipefail
# shellcheck source=scripts/slurm/launch.sh
source "${SOAPSTONE_SCRIPTS:-scripts/slurm}/launch.sh"

# One rank on a compute node computes the plan first: a job that does not fit into memory ends here, after seconds.
launch_one train --dry-run --plan.ranks="$SLURM_NTASKS" --plan.ranks-per-node="$SLURM_NTASKS_PER_NODE" \
    ${SLURM_MEM_PER_NODE:+--plan.memory-per-node=$((SLURM_MEM_PER_NODE / 1024))} "$@"

arguments=("$@")
has_option --output "$@" || arguments+=(--output "model-$SLURM_JOB_ID.h5")
has_option --report "$@" || arguments+=(--report "report-$SLURM_JOB_ID.json")
has_option --checkpoint "$@" || arguments+=(--checkpoint "train-$SLURM_JOB_ID.checkpoint.h5")
code=0
launch train "${arguments[@]}" || code=$?
finish_or_requeue "$code"
