"""Training speed of PyTorch on one thread, for training-vs-pytorch.sh.

Prints one JSON line: {"model": ..., "samples_per_second": ..., "samples_per_processor_second": ...}.
Usage: training_peer.py MODEL [BATCH] [SECONDS] [LAYOUT]; LAYOUT is contiguous (default) or channels_last.
"""

import json
import sys
import time

import torch
from torch import nn


def cnn_28x28():
    return (1, 28, 28), 10, nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 80), nn.ReLU(), nn.Linear(80, 10))


class GlobalAveragePool(nn.Module):
    def forward(self, x):
        return x.mean(dim=2)


def cnn1d_har():
    return (6, 128), 6, nn.Sequential(
        nn.Conv1d(6, 32, 5), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(32, 48, 5), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(48, 64, 5), nn.ReLU(), GlobalAveragePool(), nn.Linear(64, 6))


def cnn_fedavg():
    return (1, 28, 28), 10, nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 10))


MODELS = {"cnn-28x28": cnn_28x28, "cnn1d-har": cnn1d_har, "cnn-fedavg": cnn_fedavg}


def main():
    name = sys.argv[1]
    batch = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 2.0
    layout = sys.argv[4] if len(sys.argv) > 4 else "contiguous"
    torch.set_num_threads(1)
    torch.manual_seed(1)
    shape, classes, model = MODELS[name]()
    inputs = torch.randn(batch * 8, *shape)
    labels = torch.randint(classes, (batch * 8,))
    if layout == "channels_last" and inputs.dim() == 4:
        model = model.to(memory_format=torch.channels_last)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    loss_of = nn.CrossEntropyLoss()

    def step(i):
        low = (i % 8) * batch
        optimizer.zero_grad()
        loss = loss_of(model(inputs[low:low + batch]), labels[low:low + batch])
        loss.backward()
        optimizer.step()

    for i in range(8):
        step(i)
    steps = 0
    started = time.perf_counter()
    started_processor = time.process_time()
    while True:
        step(steps)
        steps += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            break
    processor = time.process_time() - started_processor
    print(json.dumps({
        "model": name, "samples_per_second": steps * batch / elapsed,
        "samples_per_processor_second": steps * batch / processor}))


main()
