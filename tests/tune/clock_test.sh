#!/bin/bash
# clock_test.sh LIBFAKETIME WARPSHARD: the machine's clock jumps by weeks, forth and back, while two
# tuners work over one store and leases: they end, and find what one does whose clock is right.
set -eu
faketime=$1
warpshard=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$(dirname "$0")/cluster_test.sh"
prepare
echo "+0d" >"$folder/clock"
# The steady clock does not jump, since no machine's does.
clock=(env "LD_PRELOAD=$faketime" "FAKETIME_TIMESTAMP_FILE=$folder/clock" FAKETIME_NO_CACHE=1
  FAKETIME_DONT_FAKE_MONOTONIC=1)
jump() {
  while sleep 0.1; do
    for days in +30d -30d +9999d +0d; do
      echo "$days" >"$folder/next"
      mv "$folder/next" "$folder/clock"
      sleep 0.1
    done
  done
}
jump &
jumper=$!
trap 'kill $jumper; rm -rf "$folder"' EXIT

"${clock[@]}" "$warpshard" tune "$folder/counted" "$folder/instances" "${work[@]}" --threads 2
same_as_one "$folder/counted"

# By time, with leases: both end when they should, and nothing is unreadable or pruned away.
"${clock[@]}" "$warpshard" tune "$folder/timed" "$folder/instances" --for 3s --first-slice 0.6 --threads 1 &
one=$!
"${clock[@]}" "$warpshard" tune "$folder/timed" "$folder/instances" --for 3s --first-slice 0.6 --threads 1
wait $one
plans() { exported "$folder/timed" | grep '"cost"' || true; }  # where there was time for one
plans >"$folder/before.txt"
"${clock[@]}" "$warpshard" store prune --store "$folder/timed"
plans | cmp - "$folder/before.txt"
"$warpshard" store verify --store "$folder/timed" "$folder"/instances/*.json
