#!/usr/bin/env bash
# Speed of int8 inference at batch 1 against LiteRT and ONNX Runtime, in one run; fails where a peer is faster.
# Peers are those of Tests/Exactness/peers.sh. Needs SWIFTLET_DATA.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(Tests/Exactness/peers.sh)
swift build --configuration release --explicit-target-dependency-import-check error --product swiftlet-exactness
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.build/release/swiftlet-exactness --out "$folder" --count 1 --haste 8 --case cnn-28x28-mnist --case cnn1d-har
"$python" Benchmarks/inference_peer.py "$folder" .build/release/swiftlet-exactness "${1:-15}" 2>/dev/null
