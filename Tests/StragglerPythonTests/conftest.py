# SPDX-License-Identifier: Apache-2.0

import numpy
import pytest

import straggler


@pytest.fixture
def session():
    with straggler.Session(threads=2, progress=False) as session:
        yield session


class Quadratic:
    """The library's quadratic, in NumPy: f(x) = ½xᵀAx − bᵀx with A = ¼·tridiag(−1, 2, −1) and b = −¼e₁."""

    def __init__(self, dimension):
        self.dimension = dimension

    def keys(self):
        start = numpy.zeros(self.dimension)
        start[0] = numpy.sqrt(float(self.dimension))
        return {
            "dimension": self.dimension,
            "value": self.value,
            "gradient": self.gradient,
            "x0": start,
            "L": float(numpy.cos(numpy.pi / (2 * (self.dimension + 1))) ** 2),
            "fstar": -self.dimension / (8 * (self.dimension + 1)),
            "sigma2": 0,
            "convex": True,
        }

    def value(self, x):
        # In the library's order: sums from the left.
        terms = numpy.concatenate([[x[0] * x[0] + x[-1] * x[-1]], numpy.diff(x) ** 2])
        return numpy.cumsum(terms)[-1] / 8 + x[0] / 4

    def gradient(self, x):
        left = numpy.concatenate([[-1.0], x[:-1]])
        right = numpy.concatenate([x[1:], [0.0]])
        return (x + x - left - right) / 4

    def sample(self, x, worker, rng):
        return self.gradient(x)


@pytest.fixture
def quadratic():
    return Quadratic(40)
