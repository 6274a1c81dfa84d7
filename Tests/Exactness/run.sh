#!/usr/bin/env bash
# Exactness of the integer runtime, layer by layer, against TensorFlow Lite Micro and LiteRT, and of the QDQ file in
# ONNX Runtime.
# All cases are compared; the exit status is 1 where one of them differs.
# usage: Tests/Exactness/run.sh [inputs a model, 0 = whole test sets] [case …]
# HASTE divides the training effort; WIDE is the number of inputs for models with activations of 16 bits.
# SIZES=1 compares file sizes with those of ai-edge-quantizer too.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-1000}
shift || true
python=$(Tests/Exactness/peers.sh ${SIZES:+ai-edge-quantizer==0.10.0})
swift build --configuration release --explicit-target-dependency-import-check error --product swiftlet-exactness
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cases=("$@")
status=0
[ ${#cases[@]} -gt 0 ] || read -ra cases <<<"$(.build/release/swiftlet-exactness --list)"
for name in "${cases[@]}"; do
    # One case at a time: every layer of every input is on disk while it is compared.
    inputs=$count
    [[ $name != *-16x8 && $name != *-mixed ]] || inputs=${WIDE:-$count}
    .build/release/swiftlet-exactness --out "$folder/$name" --case "$name" --count "$inputs" --haste "${HASTE:-1}"
    [ -d "$folder/$name" ] || continue # no data set
    "$python" Tests/Exactness/compare.py "$folder/$name" ${SIZES:+--quantizer} 2>"$folder/log" ||
        { cat "$folder/log" >&2; status=1; }
    rm -rf "${folder:?}/$name"
done
exit $status
