#!/usr/bin/env bash
# Fuzzes every decoder of bytes from outside: run.sh [INPUTS]. Stops at the first crash, hang or excess of memory, and
# leaves the input that did it in the folder `findings`.
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release --sanitize fuzzer
mkdir -p findings
.build/release/FuzzDecoders -runs="${1:-1000000}" -seed=1 -max_len=400 -rss_limit_mb=512 -timeout=20 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix=findings/
