#!/bin/sh
# mpirun_test.sh MPIRUN WARPSHARD: three ranks over one store find what one process does with the
# same counted work.
set -eu
mpirun=$1
warpshard=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/instances"
for seed in 1 2 3; do
  "$warpshard" generate "$folder/instances/g$seed.json" --layers 1 --mesh 2 --seed $seed >/dev/null
done
"$warpshard" tune "$folder/one" "$folder/instances" --work-limit 1 --threads 1
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "$mpirun" --oversubscribe -n 3 \
  "$warpshard" tune "$folder/ranks" "$folder/instances" --work-limit 1 --threads 1
"$warpshard" store export --store "$folder/one" >"$folder/one.txt"
"$warpshard" store export --store "$folder/ranks" >"$folder/ranks.txt"
test "$(wc -l <"$folder/one.txt")" -eq 3
cmp "$folder/one.txt" "$folder/ranks.txt"
