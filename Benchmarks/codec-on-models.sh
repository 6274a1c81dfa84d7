#!/usr/bin/env bash
# What the codecs spend on updates of other models than plain convolutions: depthwise convolutions, GRUs, Adam, HAR.
# Every line's `auto` may not lose to `entropy`, the scalar coder.
#
# Usage: SWIFTLET_DATA=DIR Benchmarks/codec-on-models.sh [NMSE]      (MODELS="har gru" chooses some)
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
target="${1:-0.1}"
export OMP_NUM_THREADS=1
swift build --package-path "$root/Benchmarks" -c release --product UpdateMaker >&2
swift build --package-path "$root" -c release --explicit-target-dependency-import-check error \
    --product swiftlet-simulate >&2
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

sgd='"epochs": 1, "batchSize": 32, "learningRate": 0.02, "momentum": 0.9, "weightDecay": 0, "proximal": 0, "firstParameter": 0'
adam='"epochs": 1, "batchSize": 32, "learningRate": 0.001, "momentum": 0.9, "weightDecay": 0, "proximal": 0, "firstParameter": 0'
make() { # NAME DATASET PARTITION MODEL CLIENTS ROUNDS LOCAL OPTIMIZER
    [[ " ${MODELS:-$1} " == *" $1 "* ]] || return 0
    echo "{\"dataset\": \"$2\", \"partition\": $3, \"model\": \"$4\", \"clients\": $5, \"cohort\": 4, \"rounds\": $6,
        \"kept\": 4, \"seed\": 1, \"samplesPerClient\": 600, \"local\": {$7, \"optimizer\": \"$8\"}}" >"$work/$1.json"
    "$root/Benchmarks/.build/release/UpdateMaker" "$work/$1.json" "$work/$1.safetensors"
    "$root/.build/release/swiftlet-simulate" codec "$work/$1.safetensors" \
        --pipeline auto --pipeline lowrank --pipeline entropy --nmse "$target" --json >"$work/rows.json"
    python3 - "$1 ($4, $8)" "$work/rows.json" <<'ROW'
import json, statistics, sys
rows = json.load(open(sys.argv[2]))
def bits(name):
    found = [r["bits_per_parameter"] for r in rows if r["pipeline"].split(":")[0] == name]
    return f"{statistics.mean(found):.4f}" if found else "–"
print(f"| {sys.argv[1]} | {rows[0]['parameters']:,} | {bits('entropy')} | {bits('lowrank')} | {bits('auto')} |", flush=True)
ROW
}
echo "bits per parameter at NMSE $target, mean of 4 clients"
echo "| updates | parameters | entropy | lowrank | auto |"
echo "| --- | --- | --- | --- | --- |"
make mnist-sgd mnist '{"dirichlet": 0.5}' cnn-28x28 100 5 "$sgd" sgd
make mnist-adam mnist '{"dirichlet": 0.5}' cnn-28x28 100 5 "$adam" adam
make depthwise fashion-mnist '{"dirichlet": 0.5}' dscnn 100 5 "$sgd" sgd
make residual fashion-mnist '{"dirichlet": 0.5}' resnet8 100 3 "$sgd" sgd
make har uci-har '"by-client-id"' cnn1d-har 21 5 "$sgd" sgd
make har-adam uci-har '"by-client-id"' cnn1d-har 21 5 "$adam" adam
make gru shakespeare '"by-client-id"' gru-chars 20 3 "$sgd" sgd
