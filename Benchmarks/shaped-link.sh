#!/usr/bin/env bash
# Compares the time that links were predicted to take with the time that they take.
#
# A coordinator and one client run in two network namespaces with a shaped pair of interfaces between them (tc netem:
# rate, delay, loss). The same federation runs once unshaped. The difference of the two, round by round, is what the link
# took; `link_seconds` of the same scenario is what LinkModel says.
#
#   Benchmarks/shaped-link.sh [UP_KBIT DOWN_KBIT LATENCY_MS LOSS_PERCENT [CODEC]]
#
# Needs root, iproute2 with tc, python3, and the programs in .build/release.
set -euo pipefail

up=${1:-500} down=${2:-2000} latency=${3:-40} loss=${4:-0} codec=${5:-int8}
rounds=${ROUNDS:-12}
root=$(cd "$(dirname "$0")/.." && pwd)
programs=${PROGRAMS:-$root/.build/release}
work=$(mktemp -d)
coordinator_space=swiftlet-a-$$ client_space=swiftlet-b-$$
coordinator_pid=

clean() {
    [ -z "$coordinator_pid" ] || kill "$coordinator_pid" 2>/dev/null || true
    ip netns del "$coordinator_space" 2>/dev/null || true
    ip netns del "$client_space" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT

ip netns add "$coordinator_space"
ip netns add "$client_space"
ip link add veth-a netns "$coordinator_space" type veth peer name veth-b netns "$client_space"
ip -n "$coordinator_space" addr add 10.99.0.1/24 dev veth-a
ip -n "$client_space" addr add 10.99.0.2/24 dev veth-b
for pair in "$coordinator_space veth-a" "$client_space veth-b"; do
    read -r space device <<<"$pair"
    ip -n "$space" link set lo up
    ip -n "$space" link set "$device" up
    # Packets as large as on a real line: the model counts headers per packet.
    ip netns exec "$space" ethtool -K "$device" tso off gso off gro off 2>/dev/null || true
    ip -n "$space" link set "$device" gso_max_segs 1 2>/dev/null || true
done

dataset='{kind: gestures, minimum_windows: 20, maximum_windows: 30, test_clients: 2, test_windows: 12}'
settings="model: cnn1d-gestures
rounds: $rounds
evaluate_every: $rounds
compression: {up: \"$codec\", down: int8}
local: {epochs: 1, batch_size: 32, learning_rate: 0.02, momentum: 0.9}"

# One run: results in $1. Keys are made by a simulation of the same federation, which leaves its files behind.
serve() {
    local folder=$1
    mkdir -p "$folder"
    cat >"$folder/scenario.yaml" <<YAML
name: shaped
seed: 3
mode: processes
dataset: $dataset
partition: by-client-id
clients: 1
links: {up_kbit: $up, down_kbit: $down, latency_ms: $latency, loss: $(python3 -c "print($loss / 100)")}
${settings/compression:*\}/}
arms: [{name: only, compression: {up: "$codec", down: int8}}]
YAML
    "$programs/swiftlet-simulate" run "$folder/scenario.yaml" --out "$folder/out" >"$folder/run.log"
    local arm=$folder/out/only
    rm -f "$arm"/coordinator/federation.sqlite* "$arm"/clients/client-0000/state*
    sed -i 's#tcp://127.0.0.1:[0-9]*#tcp://10.99.0.1:7777#' \
        "$arm/coordinator/federation.yaml" "$arm/clients/client-0000/client.yaml"
    ip netns exec "$coordinator_space" "$programs/swiftlet-coordinator" serve \
        --config "$arm/coordinator/federation.yaml" --progress json >"$folder/progress.jsonl" 2>"$folder/serve.log" &
    coordinator_pid=$!
    ip netns exec "$client_space" "$programs/swiftlet-client" run \
        --config "$arm/clients/client-0000/client.yaml" --quiet >"$folder/client.log" 2>&1
    wait "$coordinator_pid"
    coordinator_pid=
}

serve "$work/plain"
ip netns exec "$coordinator_space" tc qdisc add dev veth-a root netem \
    rate "${down}kbit" delay "${latency}ms" loss "${loss}%" limit 10000
ip netns exec "$client_space" tc qdisc add dev veth-b root netem \
    rate "${up}kbit" delay "${latency}ms" loss "${loss}%" limit 10000
serve "$work/shaped"

python3 - "$work" <<'PYTHON'
import csv, json, statistics, sys

def answers(folder):
    rounds = (json.loads(line).get("round") for line in open(f"{folder}/progress.jsonl") if line.startswith("{"))
    return {r["_0"]["report"]["round"]: r["_0"]["clients"][0]["seconds"] for r in rounds if r}

work = sys.argv[1]
plain, shaped = answers(f"{work}/plain"), answers(f"{work}/shaped")
with open(f"{work}/shaped/out/only/clients.csv") as file:
    predicted = {int(r["round"]): float(r["link_seconds"]) for r in csv.DictReader(file)}
print("round  predicted s  measured s  ratio")
ratios = []
for number in sorted(shaped):
    measured = shaped[number] - plain[number]
    ratios.append(measured / predicted[number])
    print(f"{number:5}  {predicted[number]:11.3f}  {measured:10.3f}  {ratios[-1]:5.2f}")
total = sum(shaped[n] - plain[n] for n in shaped)
print(f"total  {sum(predicted.values()):11.3f}  {total:10.3f}  {total / sum(predicted.values()):5.2f}"
      f"   (median of the rounds {statistics.median(ratios):.2f})")
PYTHON
