#!/usr/bin/env bash
# Installs the runtimes that results are compared with into a virtual environment, once, and prints its Python.
# usage: Tests/Exactness/peers.sh [PACKAGE==VERSION …]   further packages; SWIFTLET_PEERS names the folder
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=${SWIFTLET_PEERS:-.build/peers}
packages=(numpy==2.4.6 onnx==1.23.2 onnxruntime==1.31.1 ai-edge-litert==2.3.0
    tflite_micro==0.dev20261023182759 flatbuffers==25.12.19 "$@")

if [ ! -x "$peers/bin/python" ]; then
    Deploy/setup.sh python3 python3-venv >&2
    python3 -m venv "$peers"
fi
installed=$("$peers/bin/pip" freeze --disable-pip-version-check | sed 's/-/_/g')
for package in "${packages[@]}"; do
    if ! grep -qixF "${package//-/_}" <<<"$installed"; then
        echo "peers: installing ${packages[*]}" >&2
        "$peers/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" >&2
        break
    fi
done
echo "$peers/bin/python"
