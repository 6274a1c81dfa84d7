"""NNCodec at its strongest on the updates of a .npz file, beside the figures of `swiftlet-simulate codec --json`.

Usage: nncodec_peer.py OURS.json UPDATES.npz NMSE[,NMSE…] [CLIENTS]

Two peers: `nnc.compress` with dependent quantization and lambda_scale=1 on the tensors as they are, and the same on
truncated SVD factors (sqrt(S) on both sides, the best of several ranks). Rates are taken at equal NMSE: linear in
log(NMSE) between the two neighbouring quantization parameters. Times are processor time, the least of two.
"""
import contextlib
import io
import json
import math
import os
import statistics
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch
from nncodec import nnc

torch.set_num_threads(1)
RANKS = (4, 8, 16, 32, 64)
SMALLEST_FACTORED = 2000  # elements


def updates(path):
    """The tensors of every update of a file whose arrays are called update/tensor."""
    grouped = {}
    with np.load(path) as arrays:
        for name in arrays.files:
            update, tensor = name.split("/", 1)
            grouped.setdefault(update, {})[tensor] = arrays[name].astype(np.float32)
    return grouped


def timed(work, repeats=2):
    best = math.inf
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return result, best


def compress(tensors, qp, folder):
    """Encodes and decodes: bytes, decoded tensors, seconds of either."""
    def encode():
        with contextlib.redirect_stdout(io.StringIO()):
            return nnc.compress(
                {name: value.copy() for name, value in tensors.items()}, bitstream_path=f"{folder}/x.nnc", qp=qp,
                nonweight_qp=qp, use_dq=True, lambda_scale=1, row_skipping=True, param_opt=True,
                return_bitstream=True, verbose=False)

    def decode():
        with contextlib.redirect_stdout(io.StringIO()):
            return nnc.decompress(stream)

    stream, encoding = timed(encode)
    decoded, decoding = timed(decode)
    return len(stream), {name: np.asarray(decoded[name]) for name in tensors}, encoding, decoding


def as_is(tensors):
    return dict(tensors), lambda decoded: decoded


def factored(tensors, rank):
    """Truncated SVD factors instead of the larger matrices, and how to multiply them out again."""
    parts, shapes = {}, {}
    for name, value in tensors.items():
        matrix = value.reshape(value.shape[0], -1) if value.ndim > 1 else None
        if matrix is None or value.size < SMALLEST_FACTORED or min(matrix.shape) <= rank:
            parts[name] = value
            continue
        left, scale, right = np.linalg.svd(matrix, full_matrices=False)
        root = np.sqrt(scale[:rank])
        parts[f"{name}.left"] = np.ascontiguousarray(left[:, :rank] * root, np.float32)
        parts[f"{name}.right"] = np.ascontiguousarray(right[:rank].T * root, np.float32)
        shapes[name] = value.shape

    def restore(decoded):
        return {
            name: (decoded[f"{name}.left"] @ decoded[f"{name}.right"].T).reshape(shapes[name])
            if name in shapes else decoded[name]
            for name in tensors}

    return parts, restore


def error(tensors, decoded):
    total = sum(float((value.astype(np.float64) ** 2).sum()) for value in tensors.values())
    lost = sum(float(((value.astype(np.float64) - decoded[name]) ** 2).sum()) for name, value in tensors.items())
    return lost / total


def at_equal_error(tensors, prepare, target, folder):
    """Bytes at the target NMSE, with encode and decode seconds at the finer neighbour; None where it is not reached."""
    (parts, restore), preparing = timed(lambda: prepare(tensors))
    rms = math.sqrt(np.mean(np.concatenate([value.ravel() for value in tensors.values()]).astype(np.float64) ** 2))
    tried = {}

    def attempt(qp):
        if qp not in tried:
            size, decoded, encoding, decoding = compress(parts, qp, folder)
            tried[qp] = (error(tensors, restore(decoded)), size, preparing + encoding, decoding)
        return tried[qp]

    middle = round(4 * math.log2(max(rms, 1e-12)))
    low, high = middle - 40, middle + 40
    if attempt(low)[0] > target:
        return None
    while high - low > 1:
        qp = (low + high) // 2
        low, high = (qp, high) if attempt(qp)[0] <= target else (low, qp)
    fine, coarse = attempt(low), attempt(high)
    share = (math.log(target) - math.log(fine[0])) / max(math.log(coarse[0]) - math.log(fine[0]), 1e-9)
    return fine[1] + share * (coarse[1] - fine[1]), fine[2], fine[3]


def main():
    ours = json.load(open(sys.argv[1]))
    path, targets = sys.argv[2], [float(text) for text in sys.argv[3].split(",")]
    clients = list(updates(path).items())[: int(sys.argv[4]) if len(sys.argv) > 4 else None]
    names = {name for name, _ in clients}
    parameters = sum(value.size for value in clients[0][1].values())
    megabytes = parameters * 4e-6
    print(f"\n{os.path.basename(path)}: {parameters:,} parameters, {len(clients)} updates, bits per parameter, MB/s")
    print("| NMSE | ours | NNCodec | NNCodec on SVD factors | ours encodes / decodes | NNCodec | encode speed |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            mine = [row for row in ours if row["update"] in names and abs(row["nmse"] / target - 1) < 0.021]
            plain = [at_equal_error(tensors, as_is, target, folder) for _, tensors in clients]
            svd = []
            for _, tensors in clients:
                ranks = [at_equal_error(tensors, lambda t, r=rank: factored(t, r), target, folder) for rank in RANKS]
                svd.append(min((found for found in ranks if found), default=None))
            bits = lambda found: statistics.mean(f[0] * 8 / parameters for f in found)
            rate = statistics.mean(row["bits_per_parameter"] for row in mine)
            encode = statistics.median(row["encode_mbps"] for row in mine)
            decode = statistics.median(row["decode_mbps"] for row in mine)
            peer_encode = megabytes / statistics.median(found[1] for found in plain)
            peer_decode = megabytes / statistics.median(found[2] for found in plain)
            factors = f"{bits(svd):.4f} ({bits(svd) / rate:.2f}×)" if all(svd) else "not reached"
            print(
                f"| {target:g} | {rate:.4f} | {bits(plain):.4f} ({bits(plain) / rate:.2f}×) | {factors} "
                f"| {encode:,.0f} / {decode:,.0f} | {peer_encode:.1f} / {peer_decode:.0f} "
                f"| {encode / peer_encode:.0f}× |", flush=True)


main()
