#!/usr/bin/env bash
# Installs the system packages that Swiftlet builds on, where they are missing. Debian and Ubuntu.
# usage: Deploy/setup.sh [PACKAGE …]   further packages, for what else is to be run
set -euo pipefail

packages=(libzmq3-dev libsodium-dev libopenblas-dev libsqlite3-dev zlib1g-dev "$@")

missing=()
for package in "${packages[@]}"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
        missing+=("$package")
    fi
done

if ! command -v swift >/dev/null; then
    echo "Swift is not on the PATH; install Swift 6.2 or newer first (https://www.swift.org/install)" >&2
    exit 1
fi
if [ ${#missing[@]} -eq 0 ]; then
    echo "set-up: nothing is missing"
    exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif command -v sudo >/dev/null; then
    as_root=(sudo)
else
    echo "set-up: ${missing[*]} must be installed; run this as root, or install sudo" >&2
    exit 1
fi

echo "set-up: installing ${missing[*]} with apt"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "set-up: done"
