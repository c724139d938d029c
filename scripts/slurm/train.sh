#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Trains on a cluster: sbatch --nodes=16 scripts/slurm/train.sh --config inputs/qm9_100k_cluster.ini --data.structures qm9.xyz.xz
# Arguments go to `soapstone train`. One rank per core, one BLAS thread per rank.
#SBATCH --job-name=soapstone
#SBATCH --time=08:00:00
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --exclusive
#SBATCH --output=%x-%j.log
set -euo pipefail

program=${SOAPSTONE:-build/release/bin/soapstone}
export OMP_NUM_THREADS=1
unset OPENBLAS_CORETYPE # let OpenBLAS choose its kernels for the nodes' CPU

# The plan first: a job that cannot fit ends here, after seconds.
"$program" plan --plan.ranks="$SLURM_NTASKS" --plan.ranks-per-node="$SLURM_NTASKS_PER_NODE" \
    ${SLURM_MEM_PER_NODE:+--plan.memory-per-node=$((SLURM_MEM_PER_NODE / 1024))} "$@"

srun --cpu-bind=cores "$program" train --output "model-$SLURM_JOB_ID.h5" --report "report-$SLURM_JOB_ID.json" "$@"
