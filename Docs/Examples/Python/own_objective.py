# SPDX-License-Identifier: Apache-2.0
"""An objective in NumPy, logistic regression on drawn data, under six methods."""

import numpy

import straggler

rng = numpy.random.default_rng(7)
rows, d = 400, 30
A = rng.standard_normal((rows, d)) / numpy.sqrt(d)
labels = numpy.sign(A @ rng.standard_normal(d) + 0.1 * rng.standard_normal(rows))
weight = 0.01


def value(x):
    return numpy.logaddexp(0, -labels * (A @ x)).mean() + weight / 2 * x @ x


def slopes(x, rows):
    margins = labels[rows] * (A[rows] @ x)
    return -labels[rows] / (1 + numpy.exp(margins))


def gradient(x):
    return A.T @ slopes(x, slice(None)) / rows + weight * x


def sample(x, worker, rng):
    chosen = rng.integers(rows, size=8)
    return A[chosen].T @ slopes(x, chosen) / len(chosen) + weight * x


def accuracy(x):
    return float((numpy.sign(A @ x) == labels).mean())


s = straggler.Session(workers="20 tau=i delay=exponential(1)", seed=2)
s.problem(
    dimension=d,
    value=value,
    gradient=gradient,
    stochastic_gradient=sample,
    accuracy=accuracy,
    L=numpy.linalg.norm(A, 2) ** 2 / (4 * rows) + weight,
    convex=True,
)
df = s.compare(
    "rennala gamma=4 batch=10",
    "ringmaster gamma=1 R=10",
    "asgd gamma=0.5",
    "minibatch gamma=4",
    "fedbuff gamma=2 waiting=5",
    "mindflayer gamma=4 clip=median trials=2",
    time=300,
    seeds=2,
)
for name, loss, right in zip(df["method"], df["loss"], df["accuracy"]):
    print(f"{name:12} loss {loss:.4f}, accuracy {right:.3f}")
s.plot("six-methods.svg", y="loss", title="Logistic regression in NumPy")
