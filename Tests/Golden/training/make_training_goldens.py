"""Makes training.json and training.f32: losses, gradients and training traces of small models, computed by PyTorch.

Run with PyTorch 2 (CPU): python make_training_goldens.py. The seed of each case is its position in the list.
training.f32 holds little-endian float32; training.json says which part of it is what, in elements.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

here = pathlib.Path(__file__).parent
torch.set_num_threads(1)
blob = []


def put(tensor):
    values = np.asarray(tensor.detach().reshape(-1), dtype="<f4") if torch.is_tensor(tensor) else tensor
    start = sum(len(part) for part in blob)
    blob.append(values)
    return [start, start + len(values)]


def settings(layer):
    if isinstance(layer, str):
        return layer, {}
    (name, value), = layer.items()
    return name, value


def pads(length, kernel, stride, padding):
    if padding == "same":
        out = -(-length // stride)
        total = max((out - 1) * stride + kernel - length, 0)
        return total // 2, total - total // 2
    return padding, padding


class Network:
    """Interprets a layer list. `tensors` are the parameters in layout order; made on the first pass over the shapes."""

    def __init__(self, layers, generator):
        self.layers = layers
        self.generator = generator
        self.tensors = []
        self.statistics = []
        self.making = True

    def tensor(self, shape, kind):
        if self.making:
            if kind == "scale":
                value = 1 + 0.2 * torch.randn(shape, generator=self.generator)
            elif kind == "variance":
                value = 0.5 + torch.rand(shape, generator=self.generator)
            elif kind == "weight":
                fan_in = int(np.prod(shape[1:]))
                value = torch.randn(shape, generator=self.generator) / fan_in ** 0.5
            else:
                value = 0.2 * torch.randn(shape, generator=self.generator)
            statistic = kind in ("mean", "variance")
            self.tensors.append(value.requires_grad_(not statistic))
            self.statistics.append(statistic)
            return self.tensors[-1]
        self.cursor += 1
        return self.tensors[self.cursor - 1]

    def forward(self, x, training):
        self.cursor = 0
        x = self.run(self.layers, x, training)
        self.making = False
        return x

    def run(self, layers, x, training):
        for layer in layers:
            x = self.apply(*settings(layer), x, training)
        return x

    def apply(self, name, value, x, training):
        if name == "relu":
            return F.relu(x)
        if name == "relu6":
            return F.relu6(x)
        if name == "flatten":
            return x.flatten(1)
        if name == "globalaveragepool":
            return x.mean(dim=tuple(range(2, x.dim())))
        if name == "dense":
            value = value if isinstance(value, dict) else {"out": value}
            weight = self.tensor((value["out"], x.shape[1]), "weight")
            bias = self.tensor((value["out"],), "bias") if value.get("bias", True) else None
            return F.linear(x, weight, bias)
        if name in ("conv1d", "conv2d", "depthwiseconv2d"):
            value = value if isinstance(value, dict) else {"kernel": value}
            kernel, stride = value["kernel"], value.get("stride", 1)
            rank = 1 if name == "conv1d" else 2
            padding = value.get("padding", 0)
            amounts = []
            for length in reversed(x.shape[2:]):
                amounts += pads(length, kernel, stride, padding)
            groups = x.shape[1] if name == "depthwiseconv2d" else 1
            out = x.shape[1] if groups > 1 or name == "depthwiseconv2d" else value["out"]
            weight = self.tensor((out, x.shape[1] // groups) + (kernel,) * rank, "weight")
            bias = self.tensor((out,), "bias") if value.get("bias", True) else None
            convolve = F.conv1d if rank == 1 else F.conv2d
            return convolve(F.pad(x, amounts), weight, bias, stride=stride, groups=groups)
        if name in ("maxpool1d", "maxpool2d", "avgpool1d", "avgpool2d"):
            value = value if isinstance(value, dict) else {"size": value}
            pool = {"maxpool1d": F.max_pool1d, "maxpool2d": F.max_pool2d,
                    "avgpool1d": F.avg_pool1d, "avgpool2d": F.avg_pool2d}[name]
            return pool(x, value["size"], value.get("stride", value["size"]))
        if name == "batchnorm":
            shape = (x.shape[1],)
            scale, shift = self.tensor(shape, "scale"), self.tensor(shape, "shift")
            mean, variance = self.tensor(shape, "mean"), self.tensor(shape, "variance")
            return F.batch_norm(x, mean, variance, scale, shift, training=training, momentum=0.1, eps=1e-5)
        if name == "embedding":
            weight = self.tensor((value["vocabulary"], value["dimension"]), "weight")
            return F.embedding(x.long(), weight).transpose(1, 2)
        if name == "gru":
            value = value if isinstance(value, dict) else {"units": value}
            units = value["units"]
            w_ih = self.tensor((3 * units, x.shape[1]), "weight")
            w_hh = self.tensor((3 * units, units), "weight")
            b_ih, b_hh = self.tensor((3 * units,), "bias"), self.tensor((3 * units,), "bias")
            start = torch.zeros(1, x.shape[0], units)
            states, last = torch._VF.gru(
                x.transpose(1, 2), start, [w_ih, w_hh, b_ih, b_hh], True, 1, 0.0, False, False, True)
            return states.transpose(1, 2) if value.get("every_step", False) else last[0]
        if name == "residual":
            body, shortcut = (value, []) if isinstance(value, list) else (value["body"], value.get("shortcut", []))
            left = self.run(body, x, training)
            return left + self.run(shortcut, x, training)
        raise ValueError(name)

    def flat(self):
        return torch.cat([t.detach().reshape(-1) for t in self.tensors])


def case(name, input_shape, layers, classes=4, samples=5, plan=None):
    generator = torch.Generator().manual_seed(len(cases))
    if isinstance(layers[0], dict) and "embedding" in layers[0]:
        inputs = torch.randint(layers[0]["embedding"]["vocabulary"], (samples, *input_shape), generator=generator).float()
    else:
        inputs = torch.randn(samples, *input_shape, generator=generator)
    labels = torch.randint(classes, (samples,), generator=generator)
    network = Network(layers, generator)
    with torch.no_grad():
        logits = network.forward(inputs, training=False)
    entry = {
        "name": name, "layers": layers, "inputShape": list(input_shape), "classCount": classes,
        "labels": labels.tolist(), "inputs": put(inputs), "parameters": put(network.flat()), "logits": put(logits),
    }
    start = [t.detach().clone() for t in network.tensors]
    loss = F.cross_entropy(network.forward(inputs, training=True), labels)
    trained = [t for t, s in zip(network.tensors, network.statistics) if not s]
    gradients = iter(torch.autograd.grad(loss, trained))
    entry["loss"] = loss.item()
    entry["gradient"] = put(torch.cat(
        [(torch.zeros_like(t) if s else next(gradients)).reshape(-1)
         for t, s in zip(network.tensors, network.statistics)]))
    entry["statistics"] = put(network.flat())
    if plan:
        for t, s in zip(network.tensors, start):
            t.data.copy_(s)
        if plan.get("optimizer", "sgd") == "adam":
            optimizer = torch.optim.Adam(trained, lr=plan["learningRate"], weight_decay=plan["weightDecay"])
        else:
            optimizer = torch.optim.SGD(
                trained, lr=plan["learningRate"], momentum=plan["momentum"], weight_decay=plan["weightDecay"])
        origins = [t for t, s in zip(start, network.statistics) if not s]
        for _ in range(plan["epochs"]):
            optimizer.zero_grad()
            loss = F.cross_entropy(network.forward(inputs, training=True), labels)
            loss.backward()
            for t, origin in zip(trained, origins):
                t.grad += plan["proximal"] * (t.detach() - origin)
            optimizer.step()
        entry["plan"] = plan | {"batchSize": samples}
        entry["trained"] = put(network.flat())
        entry["lastLoss"] = loss.item()
    cases.append(entry)


cases = []
case("dense", (7,), [{"dense": 4}])
case("dense-without-bias", (3, 5), ["flatten", {"dense": {"out": 6, "bias": False}}, "relu", {"dense": 4}])
case("conv2d", (3, 7, 6), [{"conv2d": {"out": 5, "kernel": 3}}, "flatten", {"dense": 4}])
case("conv2d-one-channel", (1, 8, 8), [{"conv2d": {"out": 4, "kernel": 3}}, "relu", "flatten", {"dense": 4}])
case("conv2d-stride-padding", (4, 7, 9), [
    {"conv2d": {"out": 3, "kernel": 3}}, "relu",
    {"conv2d": {"out": 6, "kernel": 3, "stride": 2, "padding": 1}}, "relu6", "flatten", {"dense": 4}])
case("conv2d-same-even-kernel", (2, 5, 5), [
    {"conv2d": {"out": 4, "kernel": 4, "stride": 2, "padding": "same"}}, "flatten", {"dense": 4}])
case("conv2d-pointwise", (3, 4, 4), [
    {"conv2d": {"out": 8, "kernel": 1}}, "relu", {"conv2d": {"out": 5, "kernel": 1, "bias": False}}, "flatten",
    {"dense": 4}])
case("conv2d-pool", (1, 12, 11), [
    {"conv2d": {"out": 8, "kernel": 3}}, "relu", {"maxpool2d": 2}, {"conv2d": {"out": 6, "kernel": 2}}, "relu",
    {"maxpool2d": 2}, "flatten", {"dense": 4}])
case("conv2d-same-pool", (2, 9, 9), [
    {"conv2d": {"out": 8, "kernel": 5, "padding": "same"}}, "relu", {"maxpool2d": 2},
    {"conv2d": {"out": 12, "kernel": 5, "padding": "same"}}, {"maxpool2d": 2}, "relu6", "flatten", {"dense": 4}])
case("conv2d-stride-pool-3", (3, 15, 15), [
    {"conv2d": {"out": 7, "kernel": 3, "padding": 1}}, {"maxpool2d": 3},
    {"conv2d": {"out": 4, "kernel": 2, "stride": 1}}, "relu", "flatten", {"dense": 4}])
case("conv1d-pool", (6, 40), [
    {"conv1d": {"out": 8, "kernel": 5}}, "relu", {"maxpool1d": 2}, {"conv1d": {"out": 12, "kernel": 5}}, "relu",
    {"maxpool1d": 2}, {"conv1d": {"out": 8, "kernel": 3}}, "relu", "globalaveragepool", {"dense": 4}])
case("conv1d-stride-same", (3, 17), [
    {"conv1d": {"out": 5, "kernel": 4, "stride": 3, "padding": "same"}}, "relu", "flatten", {"dense": 4}])
case("conv1d-strided-pool", (2, 30), [
    {"conv1d": {"out": 4, "kernel": 3, "stride": 2}}, "relu", {"maxpool1d": 3}, "flatten", {"dense": 4}])
case("depthwise", (5, 6, 7), [
    {"conv2d": {"out": 9, "kernel": 2}}, {"depthwiseconv2d": 3}, "relu", "flatten", {"dense": 4}])
case("depthwise-stride-same", (4, 7, 7), [
    {"conv2d": {"out": 4, "kernel": 1}},
    {"depthwiseconv2d": {"kernel": 3, "stride": 2, "padding": "same", "bias": False}}, "relu6", "flatten", {"dense": 4}])
case("maxpool-overlapping", (3, 8, 8), [
    {"conv2d": {"out": 3, "kernel": 2}}, {"maxpool2d": {"size": 3, "stride": 2}}, "flatten", {"dense": 4}])
case("maxpool1d-alone", (3, 9), [
    {"conv1d": {"out": 3, "kernel": 1}}, "batchnorm", {"maxpool1d": 2}, "flatten", {"dense": 4}])
case("avgpool2d", (3, 7, 7), [{"conv2d": {"out": 5, "kernel": 2}}, {"avgpool2d": 2}, "flatten", {"dense": 4}])
case("avgpool1d-overlapping", (3, 12), [
    {"conv1d": {"out": 5, "kernel": 2}}, {"avgpool1d": {"size": 3, "stride": 2}}, "flatten", {"dense": 4}])
case("globalaveragepool", (3, 5, 6), [{"conv2d": {"out": 5, "kernel": 2}}, "globalaveragepool", {"dense": 4}])
case("batchnorm-dense", (6,), [{"dense": 5}, "batchnorm", "relu", {"dense": 4}], samples=7)
case("batchnorm-conv", (2, 6, 6), [
    "batchnorm", {"conv2d": {"out": 4, "kernel": 3, "bias": False}}, "batchnorm", "relu6", "globalaveragepool",
    {"dense": 4}], plan={
        "epochs": 4, "learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01, "proximal": 0.0, "firstParameter": 0,
        "optimizer": "sgd"})
case("embedding", (5,), [{"embedding": {"vocabulary": 7, "dimension": 3}}, "flatten", {"dense": 4}])
case("gru", (6,), [{"embedding": {"vocabulary": 7, "dimension": 3}}, {"gru": 5}, {"dense": 4}], plan={
    "epochs": 4, "learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.0, "proximal": 0.0, "firstParameter": 0,
        "optimizer": "sgd"})
case("gru-every-step", (3, 6), [
    {"gru": {"units": 9, "every_step": True}}, {"gru": {"units": 8, "every_step": True}}, "globalaveragepool",
    {"dense": 4}])
case("residual", (3, 6, 6), [
    {"conv2d": {"out": 4, "kernel": 3}},
    {"residual": ["relu", {"conv2d": {"out": 4, "kernel": 3, "padding": "same"}}, "batchnorm"]}, "relu",
    {"residual": {"body": [{"conv2d": {"out": 6, "kernel": 3, "stride": 2, "padding": "same"}}],
                  "shortcut": [{"conv2d": {"out": 6, "kernel": 1, "stride": 2, "padding": "same", "bias": False}}]}},
    "relu", "flatten", {"dense": 4}])
case("trace-sgd", (1, 14, 14), [
    {"conv2d": {"out": 8, "kernel": 3}}, "relu", {"maxpool2d": 2}, {"conv2d": {"out": 12, "kernel": 3}}, "relu",
    {"maxpool2d": 2}, "flatten", {"dense": 16}, "relu", {"dense": 4}], samples=8, plan={
        "epochs": 6, "learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01, "proximal": 0.1, "firstParameter": 0,
        "optimizer": "sgd"})
case("trace-adam", (2, 20), [
    {"conv1d": {"out": 6, "kernel": 5}}, "relu", {"maxpool1d": 2}, "flatten", {"dense": 4}], samples=8, plan={
        "epochs": 6, "learningRate": 0.01, "momentum": 0.0, "weightDecay": 0.01, "proximal": 0.0, "firstParameter": 0,
        "optimizer": "adam"})

np.concatenate(blob).astype("<f4").tofile(here / "training.f32")
with open(here / "training.json", "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
print(len(cases), "cases", (here / "training.f32").stat().st_size, "bytes")
