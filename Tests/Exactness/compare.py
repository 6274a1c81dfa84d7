#!/usr/bin/env python3
"""Compares our integers, layer by layer, with TensorFlow Lite Micro and LiteRT, and the QDQ file in ONNX Runtime.

usage: compare.py DIR [--quantizer]   DIR as swiftlet-exactness wrote it
Needs: pip install ai-edge-litert tflite_micro onnxruntime numpy (ai-edge-quantizer for --quantizer)
Every operation's output is made an output of the graph, so that all runtimes show it.
"""
import importlib.metadata as metadata
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import flatbuffers
import numpy as np
import onnxruntime
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro import runtime as micro


def with_all_outputs(content):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    graph = model.subgraphs[0]
    graph.outputs = np.array([op.outputs[0] for op in graph.operators], dtype=np.int32)
    model.signatureDefs = []
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output()), list(graph.outputs)


class LiteRT:
    def __init__(self, content, outputs, **options):
        self.interpreter = Interpreter(model_content=content, num_threads=1, **options)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]
        self.outputs = outputs

    def layers(self, sample):
        self.interpreter.set_tensor(self.input["index"], sample.reshape(self.input["shape"]))
        self.interpreter.invoke()
        return np.concatenate([self.interpreter.get_tensor(i).ravel() for i in self.outputs])


class Micro:
    def __init__(self, content, outputs):
        self.interpreter = micro.Interpreter.from_bytes(content, arena_size=16 << 20)
        self.shape = self.interpreter.get_input_details(0)["shape"]
        self.count = len(outputs)

    def layers(self, sample):
        self.interpreter.set_input(sample.reshape(self.shape), 0)
        self.interpreter.invoke()
        return np.concatenate([self.interpreter.get_output(i).ravel() for i in range(self.count)])


def has_wide_sums(content):
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    graph = model.subgraphs[0]
    return any(
        model.operatorCodes[op.opcodeIndex].builtinCode == schema.BuiltinOperator.ADD
        and graph.tensors[op.outputs[0]].type == schema.TensorType.INT16
        for op in graph.operators
    )


def peers(content):
    everything, outputs = with_all_outputs(content)
    result = {
        "tflm": Micro(everything, outputs),
        "litert-ref": LiteRT(everything, outputs, experimental_op_resolver_type=OpResolverType.BUILTIN_REF),
    }
    # On x86, LiteRT's default kernel for sums of int16 is vector code that rounds otherwise in one element of some 400,000.
    if not has_wide_sums(content):
        result["xnnpack"] = LiteRT(everything, outputs)
    return result


def compare(folder):
    """Mismatching integers per profile, over all layers; also checks the file as it is, without the added outputs."""
    content = open(f"{folder}/model.int8.tflite", "rb").read()
    inputs = np.load(f"{folder}/inputs.npy", mmap_mode="r")
    plain = LiteRT(content, [])
    plain.outputs = [plain.interpreter.get_output_details()[0]["index"]]
    result = {}
    for profile, peer in peers(content).items():
        ours = np.load(f"{folder}/layers.{profile}.npy", mmap_mode="r")
        wrong, places = 0, {}
        for index, sample in enumerate(inputs):
            theirs = peer.layers(sample)
            different = np.flatnonzero(theirs != ours[index])
            wrong += len(different)
            for place in different[:4]:
                places.setdefault(int(place), (int(ours[index][place]), int(theirs[place])))
            if profile == "xnnpack" and index < 100:
                final = plain.layers(sample)
                wrong += int((final != ours[index][-len(final):]).sum())
        result[profile] = (wrong, ours.shape[0] * ours.shape[1], places)
    return result


def compare_onnx(folder):
    """Share of inputs with the same class, and the largest distance of an output in steps."""
    content = open(f"{folder}/model.int8.tflite", "rb").read()
    inputs = np.load(f"{folder}/inputs.npy", mmap_mode="r")
    ours = np.load(f"{folder}/layers.xnnpack.npy", mmap_mode="r")
    reader = LiteRT(content, [])
    (scale, zero), shape = reader.input["quantization"], reader.input["shape"]
    step, offset = reader.interpreter.get_output_details()[0]["quantization"]
    options = onnxruntime.SessionOptions()
    # Without VNNI, ONNX Runtime's default kernels saturate sums of two products at 16 bits; this asks for exact ones.
    options.add_session_config_entry("session.x64quantprecision", "1")
    path = f"{folder}/model.int8.qdq.onnx"
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    port = session.get_inputs()[0]
    same, largest = 0, 0
    for index, sample in enumerate(inputs):
        values = ((sample.astype(np.float32) - zero) * np.float32(scale)).reshape(shape).transpose(0, 3, 1, 2)
        size = [1] + [int(n) for n in port.shape[1:]]
        theirs = session.run(None, {port.name: np.ascontiguousarray(values).reshape(size)})[0].ravel()
        theirs = np.rint(theirs / step).astype(int) + offset
        final = ours[index][-len(theirs):].astype(int)
        same += int(np.argmax(theirs) == np.argmax(final))
        largest = max(largest, int(np.abs(theirs - final).max()))
    return same, len(inputs), largest


def quantizer_size(folder):
    from ai_edge_quantizer import quantizer, recipe
    from ai_edge_litert.interpreter import Interpreter as Float

    # The quantizer tells tensors apart by name; ours have none, so they get short ones.
    content = open(f"{folder}/model.fp32.tflite", "rb").read()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    for index, tensor in enumerate(model.subgraphs[0].tensors):
        tensor.name = f"t{index}".encode()
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    path = f"{folder}/named.fp32.tflite"
    with open(path, "wb") as file:
        file.write(bytes(builder.Output()))
    float_model = Float(model_path=path)
    float_model.allocate_tensors()
    details = float_model.get_input_details()[0]
    tool = quantizer.Quantizer(path)
    tool.load_quantization_recipe(recipe.static_wi8_ai8())
    scale = LiteRT(open(f"{folder}/model.int8.tflite", "rb").read(), []).input["quantization"]
    samples = [
        {"input": ((s.astype(np.float32) - scale[1]) * scale[0]).reshape(details["shape"])}
        for s in np.load(f"{folder}/inputs.npy", mmap_mode="r")[:50]
    ]
    statistics = tool.calibrate({"serving_default": samples})
    return len(tool.quantize(statistics).quantized_model)


def main():
    root = sys.argv[1]
    names = ["ai-edge-litert", "tflite_micro", "onnxruntime", "numpy"]
    print("versions: " + ", ".join(f"{n} {metadata.version(n)}" for n in names))
    failed = False
    for name in sorted(os.listdir(root)):
        folder = f"{root}/{name}"
        if not os.path.exists(f"{folder}/model.int8.tflite"):
            continue
        for profile, (wrong, total, places) in compare(folder).items():
            failed |= wrong > 0
            print(f"{name:20} {profile:10} {wrong} of {total} integers differ", dict(list(places.items())[:4]) or "")
        if os.path.exists(f"{folder}/model.int8.qdq.onnx"):
            same, count, largest = compare_onnx(folder)
            failed |= same < count or largest > 1
            print(f"{name:20} qdq.onnx   {same} of {count} classes agree, outputs within {largest} step(s)")
        if "--quantizer" in sys.argv:
            ours, theirs = os.path.getsize(f"{folder}/model.int8.tflite"), quantizer_size(folder)
            print(f"{name:20} .tflite {ours} bytes, ai-edge-quantizer {theirs}: ratio {ours / theirs:.3f}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


main()
