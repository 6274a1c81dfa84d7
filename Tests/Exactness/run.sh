#!/usr/bin/env bash
# Exactness of the integer runtime, layer by layer, against TensorFlow Lite Micro and LiteRT.
# usage: Tests/Exactness/run.sh [inputs a model, 0 = whole test sets] [case …]
# Peers are installed once into a virtual environment: SWIFTLET_PEERS, default .build/peers.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-1000}
shift || true
peers=${SWIFTLET_PEERS:-.build/peers}
if [ ! -x "$peers/bin/python" ]; then
    python3 -m venv "$peers"
fi
"$peers/bin/python" -c 'import ai_edge_litert, tflite_micro, numpy, flatbuffers' 2>/dev/null ||
    "$peers/bin/pip" install --quiet ai-edge-litert==2.3.0 tflite_micro ai-edge-quantizer==0.10.0 numpy
swift build --configuration release --explicit-target-dependency-import-check error --product swiftlet-exactness
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cases=("$@")
[ ${#cases[@]} -gt 0 ] || read -ra cases <<<"$(.build/release/swiftlet-exactness --list)"
for name in "${cases[@]}"; do
    # One case at a time: every layer of every input is on disk while it is compared.
    .build/release/swiftlet-exactness --out "$folder/$name" --case "$name" --count "$count" --haste "${HASTE:-1}"
    "$peers/bin/python" Tests/Exactness/compare.py "$folder/$name" ${SIZES:+--quantizer} 2>/dev/null
    rm -rf "${folder:?}/$name"
done
