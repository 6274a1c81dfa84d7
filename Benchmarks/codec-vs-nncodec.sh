#!/usr/bin/env bash
# Rate at equal error and speed of `auto` beside NNCodec, on one thread, in one run.
#
# Usage: Benchmarks/codec-vs-nncodec.sh UPDATES.npz… [-- NMSE,NMSE…]
# PYTHON names an interpreter with nncodec (default: python3); CLIENTS bounds the updates taken of each file.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
export OMP_NUM_THREADS=1
files=() targets="0.25,0.1,0.03,0.01"
while [ $# -gt 0 ]; do
    if [ "$1" = "--" ]; then targets="$2"; break; fi
    files+=("$1")
    shift
done
[ ${#files[@]} -gt 0 ] || { sed -n '2,5p' "$0"; exit 2; }

swift build --package-path "$root" -c release --explicit-target-dependency-import-check error \
    --product swiftlet-simulate >&2
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for file in "${files[@]}"; do
    for target in ${targets//,/ }; do
        "$root/.build/release/swiftlet-simulate" codec "$file" --pipeline auto --nmse "$target" --json >"$work/$target.json"
    done
    "${PYTHON:-python3}" -c 'import json, sys; print(json.dumps([r for f in sys.argv[1:] for r in json.load(open(f))]))' \
        "$work"/*.json >"$work/all"
    "${PYTHON:-python3}" "$root/Benchmarks/nncodec_peer.py" "$work/all" "$file" "$targets" ${CLIENTS:+"$CLIENTS"}
    rm "$work"/*.json
done
