# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# A Slurm of one node, this one, out of Debian's slurm-wlm and munge: daemons, sockets and state in a scratch folder of their own,
# so that it neither needs nor disturbs another. Source it; needs root, since slurmd does.

cluster_pids=()

skip() {
    echo "skipped: $*"
    exit 77
}

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

write_configuration() {
    local folder=$1 host=$2
    cat >"$folder/slurm.conf" <<TEXT
ClusterName=scratch
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
SwitchType=switch/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=scratch Nodes=$host Default=YES MaxTime=INFINITE State=UP
TEXT
}

# start_daemon LOG COMMAND...
start_daemon() {
    local log=$1
    shift
    "$@" >>"$log" 2>&1 &
    cluster_pids+=($!)
}

stop_cluster() {
    local pid
    for pid in "${cluster_pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${cluster_pids[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    cluster_pids=()
}

# wait_until SECONDS COMMAND...
wait_until() {
    local tries=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        ((tries-- > 0)) || return 1
        sleep 0.2
    done
}

node_is_idle() {
    [[ $(sinfo --noheader --format=%T) == idle ]]
}

# start_cluster FOLDER: exports SLURM_CONF, or skips the test with the reason.
start_cluster() {
    local folder=$1 program
    for program in munged slurmctld slurmd sbatch srun scontrol scancel squeue; do
        PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || skip "there is no $program (Debian: slurm-wlm, munge)"
    done
    [[ $(id -u) -eq 0 ]] || skip "slurmd needs root"
    PATH=$PATH:/usr/sbin
    mkdir -p "$folder/state" "$folder/spool"
    chmod 755 "$folder"
    (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
    start_daemon "$folder/munged.log" munged --foreground --force --key-file="$folder/munge.key" \
        --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --seed-file="$folder/munged.seed" \
        --log-file="$folder/munged.log"
    wait_until 10 test -S "$folder/munge.socket" || skip "munged does not start: $(tail -n 1 "$folder/munged.log")"
    write_configuration "$folder" "$(hostname -s)"
    export SLURM_CONF=$folder/slurm.conf
    start_daemon "$folder/slurmctld.log" slurmctld -D
    start_daemon "$folder/slurmd.log" slurmd -D
    wait_until 30 node_is_idle || skip "Slurm does not start: $(tail -n 1 "$folder/slurmctld.log" "$folder/slurmd.log" | tr '\n' ' ')"
}
