#!/usr/bin/env python3
"""Microseconds per inference at batch 1 on one thread: ours, LiteRT with XNNPACK, ONNX Runtime, in alternating rounds.

usage: inference_peer.py DIR PROGRAM [rounds]   DIR as swiftlet-exactness wrote it, PROGRAM swiftlet-exactness
"""
import os
import subprocess
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter


def timed(call, count=200):
    begin = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - begin) / count * 1e6


def litert(folder):
    interpreter = Interpreter(model_path=f"{folder}/model.int8.tflite", num_threads=1)
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()[0]
    interpreter.set_tensor(details["index"], np.full(details["shape"], 5, np.int8))
    return interpreter.invoke


def onnx(folder):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        f"{folder}/model.int8.qdq.onnx", options, providers=["CPUExecutionProvider"])
    port = session.get_inputs()[0]
    binding = session.io_binding()
    sample = np.zeros([1] + [int(n) for n in port.shape[1:]], np.float32)
    binding.bind_ortvalue_input(port.name, onnxruntime.OrtValue.ortvalue_from_numpy(sample))
    binding.bind_output(session.get_outputs()[0].name)
    return lambda: session.run_with_iobinding(binding)


def main():
    root, program = sys.argv[1], sys.argv[2]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    slower = False
    for name in sorted(os.listdir(root)):
        folder = f"{root}/{name}"
        peers = {"litert-xnnpack": litert(folder), "onnxruntime": onnx(folder)}
        times = {"ours": [], **{peer: [] for peer in peers}}
        for _ in range(rounds):
            output = subprocess.run(
                [program, "--time", f"{folder}/model.xnnpack.image"], capture_output=True, text=True, check=True).stdout
            times["ours"].append(float(output.split()[0]))
            for peer, call in peers.items():
                times[peer].append(min(timed(call) for _ in range(20)))
        best = {peer: min(values) for peer, values in times.items()}
        middle = {peer: sorted(values)[len(values) // 2] for peer, values in times.items()}
        text = ", ".join(f"{peer} {best[peer]:.1f} (median {middle[peer]:.1f})" for peer in times)
        print(f"{name}: microseconds {text}")
        slower |= any(best["ours"] > best[peer] for peer in peers)
    sys.exit(1 if slower else 0)


main()
