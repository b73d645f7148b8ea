# SPDX-License-Identifier: Apache-2.0
"""Servers whose model is the parameters of a `torch.nn.Module`, as one vector.

    server = straggler.torch.Server(model, "rennala batch=8 gamma=0.1", workers=4)

A worker has a copy of the module:

    straggler.torch.load(copy, point)
    loss(copy(inputs), targets).backward()
    gradient = straggler.torch.gradient(copy)
"""

from __future__ import annotations

from typing import Any

import numpy
import torch

from . import _server


def vector(module: "torch.nn.Module") -> numpy.ndarray:
    """The parameters of `module` as one vector: float64 if all are, float32 otherwise."""
    parameters = [parameter.detach() for parameter in module.parameters()]
    if not parameters:
        raise ValueError("the module has no parameters")
    is_double = all(parameter.dtype == torch.float64 for parameter in parameters)
    dtype = torch.float64 if is_double else torch.float32
    return torch.cat([p.reshape(-1).to("cpu", dtype) for p in parameters]).numpy()


def load(module: "torch.nn.Module", point: numpy.ndarray) -> None:
    """Writes a vector of the model's length to the parameters of `module`."""
    source = torch.from_numpy(numpy.ascontiguousarray(point))
    count = sum(parameter.numel() for parameter in module.parameters())
    if source.numel() != count:
        raise ValueError(f"the vector has {source.numel()} numbers; the module has {count} parameters")
    start = 0
    with torch.no_grad():
        for parameter in module.parameters():
            part = source[start : start + parameter.numel()]
            parameter.copy_(part.reshape(parameter.shape))
            start += parameter.numel()


def gradient(module: "torch.nn.Module") -> numpy.ndarray:
    """The gradients of the parameters of `module` as one vector, zero where a parameter has none."""
    parts = []
    for parameter in module.parameters():
        grad = parameter.grad
        part = torch.zeros_like(parameter) if grad is None else grad.detach()
        parts.append(part.reshape(-1).to("cpu", torch.float32 if part.dtype != torch.float64 else part.dtype))
    return torch.cat(parts).numpy()


class Server(_server.Server):
    """A `straggler.Server` whose model is that of `module`; `update` writes the newest model to it."""

    def __init__(self, module: "torch.nn.Module", method: str, workers: int) -> None:
        self.module = module
        super().__init__(method, vector(module), workers)

    def update(self) -> Any:
        """Writes the newest model to the parameters of the module, and returns it."""
        load(self.module, self.model)
        return self.module
