#!/bin/bash
# mpirun_test.sh MPIRUN WARPSHARD: three ranks over one store find what one process does with the
# same counted work; so do ranks with a store each, once these are merged.
set -eu
mpirun=$1
warpshard=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$(dirname "$0")/cluster_test.sh"
prepare
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
"$mpirun" --oversubscribe -n 3 \
  "$warpshard" tune "$folder/ranks" "$folder/instances" "${work[@]}" --threads 1
same_as_one "$folder/ranks"
mkdir "$folder/copied"
# shellcheck disable=SC2016  # each rank's shell expands it
"$mpirun" --oversubscribe -n 3 sh -c '"$0" tune "$1/own$OMPI_COMM_WORLD_RANK" "$1/instances" \
  --work-limit 5 --slices 2 --threads 1' "$warpshard" "$folder"
merged_as_one "$folder"/own[0-2]
