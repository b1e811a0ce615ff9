# Sourced by tests of launchers: what they compare. Expects $warpshard and $folder.
work=(--work-limit 5 --slices 2)

# Four instances, and the store that one process makes of them.
prepare() {
  mkdir "$folder/instances"
  for seed in 1 2 3 4; do
    "$warpshard" generate "$folder/instances/g$seed.json" --layers 1 --mesh 2 --seed $seed >/dev/null
  done
  "$warpshard" tune "$folder/one" "$folder/instances" "${work[@]}" --threads 1
}

exported() { "$warpshard" store export --store "$1"; }

# same_as_one STORE: the same best plans and bounds of all four.
same_as_one() {
  exported "$folder/one" >"$folder/one.txt"
  exported "$1" >"$folder/other.txt"
  test "$(wc -l <"$folder/one.txt")" -eq 4 && cmp "$folder/one.txt" "$folder/other.txt" &&
    "$warpshard" store verify --store "$1" "$folder"/instances/*.json
}

# merged_as_one STORES...: joined by copying, and by `store merge`.
merged_as_one() {
  for store in "$@"; do cp -rn "$store/." "$folder/copied" || return 1; done
  "$warpshard" store merge "$@" --store "$folder/merged" && same_as_one "$folder/merged" &&
    same_as_one "$folder/copied"
}
