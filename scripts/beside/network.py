# SPDX-License-Identifier: Apache-2.0
"""The 784-32-10 network in NumPy, on one thread, for scripts/bench to hold ours against.

Usage: network.py SECONDS RUNS BATCH... <DATA

DATA are the parameters W1, b1, W2, b2 (float32, W1 with a row for each input, W2 with one for each class), the
images and their labels (bytes). Prints JSON Lines: the loss and the squared norm of the gradient over all
images, by the function that is timed; then for each batch the steps of SGD in a second, the median of RUNS
measurements of at least SECONDS each.
"""

import json
import os
import sys
import time

for library in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ[library + "_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402  the number of threads is read once

INPUTS, HIDDEN, CLASSES = 784, 32, 10
SIZES = [INPUTS * HIDDEN, HIDDEN, CLASSES * HIDDEN, CLASSES]


def views(vector):
    first, bias1, second, bias2 = np.split(vector, np.cumsum(SIZES)[:-1])
    return first.reshape(INPUTS, HIDDEN), bias1, second.reshape(CLASSES, HIDDEN), bias2


def loss_and_gradient(parameters, gradient, x, labels):
    """The mean loss of the samples; its gradient is put into `gradient`."""
    w1, b1, w2, b2 = views(parameters)
    g1, gb1, g2, gb2 = views(gradient)
    z = x @ w1 + b1
    a = np.maximum(z, 0)
    logits = a @ w2.T + b2
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    total = p.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = np.mean(np.log(total[:, 0]) - logits[rows, labels])
    p /= total
    p[rows, labels] -= 1
    p /= len(labels)
    np.matmul(p.T, a, out=g2)
    p.sum(axis=0, out=gb2)
    delta = (p @ w2) * (z > 0)
    np.matmul(x.T, delta, out=g1)
    delta.sum(axis=0, out=gb1)
    return float(loss)


def main(seconds, runs, *batches):
    data = sys.stdin.buffer.read()
    parameters = np.frombuffer(data, np.float32, sum(SIZES)).copy()
    rest = np.frombuffer(data, np.uint8, offset=parameters.nbytes)
    count = len(rest) // (INPUTS + 1)
    images, labels = rest[: INPUTS * count].reshape(count, INPUTS), rest[INPUTS * count :].astype(np.int64)
    x = (images.astype(np.float32) / 255 - np.float32(0.1307)) / np.float32(0.3081)
    gradient = np.empty_like(parameters)
    loss = loss_and_gradient(parameters, gradient, x, labels)
    print(json.dumps({"loss": loss, "gradnorm2": float(gradient.astype(np.float64) @ gradient)}), flush=True)

    generator = np.random.default_rng(1)
    for batch in map(int, batches):

        def steps(count):
            start = time.process_time()
            for _ in range(count):
                sample = generator.integers(len(labels), size=batch)
                loss_and_gradient(parameters, gradient, x[sample], labels[sample])
                np.multiply(gradient, np.float32(-1e-6), out=gradient)
                np.add(parameters, gradient, out=parameters)
            return time.process_time() - start

        count = 1
        while steps(count) < float(seconds):
            count *= 2
        rates = sorted(count / steps(count) for _ in range(int(runs)))
        print(json.dumps({"batch": batch, "rate": rates[len(rates) // 2]}), flush=True)


main(*sys.argv[1:])
