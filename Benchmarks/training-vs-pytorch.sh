#!/usr/bin/env bash
# Training speed on one thread beside PyTorch on one thread: both sides take turns, the table shows medians.
#
# Usage: Benchmarks/training-vs-pytorch.sh [BATCH] [ROUNDS]
# PYTHON names an interpreter with PyTorch 2 (default: python3). PyTorch runs in both memory layouts; the faster counts.
# "per cpu s" divides by the processor time of the process, which other work on the machine disturbs less.
set -euo pipefail
cd "$(dirname "$0")"
batch="${1:-32}"
rounds="${2:-5}"
python="${PYTHON:-python3}"
export OMP_NUM_THREADS=1

swift build -c release --product TrainingSpeed >&2
results="$(mktemp)"
trap 'rm -f "$results"' EXIT
for model in cnn-28x28 cnn1d-har cnn-fedavg; do
    for ((round = 0; round < rounds; round++)); do
        echo "ours $(.build/release/TrainingSpeed "$model" "$batch" 2)" >>"$results"
        for layout in contiguous channels_last; do
            echo "$layout $("$python" training_peer.py "$model" "$batch" 2 "$layout")" >>"$results"
        done
    done
done
"$python" - "$results" "$batch" <<'TABLE'
import collections
import json
import statistics
import sys

samples = collections.defaultdict(list)
for line in open(sys.argv[1]):
    side, text = line.split(" ", 1)
    entry = json.loads(text)
    for clock in ("samples_per_second", "samples_per_processor_second"):
        samples[entry["model"], clock, side].append(entry[clock])

print(f"batch {sys.argv[2]}, one thread, samples per second, median")
print("| model | clock | ours | PyTorch | ratio |")
print("| --- | --- | --- | --- | --- |")
for model, clock in dict.fromkeys(key[:2] for key in samples):
    ours, *peers = (
        statistics.median(samples[model, clock, side]) for side in ("ours", "contiguous", "channels_last"))
    name = "wall" if clock == "samples_per_second" else "per cpu s"
    print(f"| {model} | {name} | {ours:,.0f} | {max(peers):,.0f} | {ours / max(peers):.2f} |")
TABLE
