#!/bin/bash
# slurm_test.sh WARPSHARD SBATCH_FILE: a Slurm of several nodes on this one machine, started for the
# test; a job array over one store finds what one process does with the same counted work. Needs
# root, slurmctld, slurmd and munge; status 77 where they cannot be started.
set -u
warpshard=$1
script=$2
folder=$(mktemp -d)
. "$(dirname "$0")/cluster_test.sh"
chmod 755 "$folder"
controller=
nodes=()
munge=
finish() {
  for process in $controller "${nodes[@]}" $munge; do kill "$process" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT
skip() {
  echo "skipped: $1"
  exit 77
}

[ "$(id -u)" -eq 0 ] || skip "not root"
command -v munged >/dev/null || skip "no munge"
export PATH=$PATH:/usr/sbin:$(dirname "$warpshard")
mkdir "$folder"/{state,spool,munge}
dd if=/dev/urandom of="$folder/munge/key" bs=1 count=1024 2>/dev/null
chown -R munge: "$folder/munge"
chmod 700 "$folder/munge"
chmod 600 "$folder/munge/key"
chmod 755 "$folder/munge"
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --force \
  --key-file "$folder/munge/key" --socket "$folder/munge/socket" \
  --pid-file "$folder/munge/pid" --log-file "$folder/munge/log" --seed-file "$folder/munge/seed" &
munge=$!
host=$(hostname -s)
cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
NodeName=n[1-3] NodeHostname=$host NodeAddr=127.0.0.1 Port=[16821-16823] CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm.conf
for ((i = 0; i < 50; ++i)); do [ -S "$folder/munge/socket" ] && break; sleep 0.2; done
slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 &
controller=$!
for node in n1 n2 n3; do
  slurmd -D -N $node -f "$SLURM_CONF" >/dev/null 2>&1 &
  nodes+=($!)
done
for ((i = 0; i < 100; ++i)); do
  [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 3 ] && break
  sleep 0.3
done
[ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 3 ] || {
  tail -n 5 "$folder"/*.log
  skip "the nodes did not come up"
}

prepare || exit 1
sbatch --wait --array=1-3 --cpus-per-task=1 --output="$folder/job-%a.txt" \
  "$script" "$folder/array" "$folder/instances" "${work[@]}"
status=$?
cat "$folder"/job-*.txt
[ $status -eq 0 ] || exit 1
same_as_one "$folder/array"
