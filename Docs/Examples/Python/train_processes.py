# SPDX-License-Identifier: Apache-2.0
"""A small network trained by four processes under Ringmaster SGD, one of which is killed on the way.

With PyTorch where it is installed, and otherwise in NumPy.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal

import numpy

import straggler

try:
    import torch

    import straggler.torch
except ImportError:
    torch = None

BATCH, HIDDEN = 32, 24


def data():
    """Points on two spirals, and which of them each is on."""
    rng = numpy.random.default_rng(3)
    side = rng.integers(2, size=1_000)
    along = rng.uniform(0.2, 1, size=1_000)
    angle = 4 * along + numpy.pi * side
    points = numpy.stack([along * numpy.cos(angle), along * numpy.sin(angle)], 1)
    return points + 0.02 * rng.standard_normal(points.shape), side


class NumPyNetwork:
    """Two inputs, a hidden layer and two classes, its parameters in one vector."""

    shapes = [(2, HIDDEN), (HIDDEN,), (HIDDEN, 2), (2,)]

    def __init__(self):
        self.inputs, self.labels = data()

    def start(self):
        rng = numpy.random.default_rng(5)
        return numpy.concatenate([rng.standard_normal(shape).ravel() for shape in self.shapes])

    def parts(self, x):
        parts = []
        for shape in self.shapes:
            size = int(numpy.prod(shape))
            parts.append(x[:size].reshape(shape))
            x = x[size:]
        return parts

    def scores(self, x, inputs):
        first, shift, second, last = self.parts(x)
        hidden = numpy.tanh(inputs @ first + shift)
        return hidden, hidden @ second + last

    def gradient(self, x, rows):
        inputs, labels = self.inputs[rows], self.labels[rows]
        hidden, scores = self.scores(x, inputs)
        slope = numpy.exp(scores - scores.max(1, keepdims=True))
        slope /= slope.sum(1, keepdims=True)
        slope[numpy.arange(len(rows)), labels] -= 1
        slope /= len(rows)
        back = slope @ self.parts(x)[2].T * (1 - hidden**2)
        parts = [inputs.T @ back, back.sum(0), hidden.T @ slope, slope.sum(0)]
        return numpy.concatenate([part.ravel() for part in parts])

    def accuracy(self, x):
        return (self.scores(x, self.inputs)[1].argmax(1) == self.labels).mean()


class TorchNetwork:
    """The same in PyTorch."""

    def __init__(self):
        inputs, labels = data()
        self.inputs = torch.tensor(inputs, dtype=torch.float32)
        self.labels = torch.tensor(labels)
        torch.manual_seed(5)
        layers = [torch.nn.Linear(2, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 2)]
        self.module = torch.nn.Sequential(*layers)

    def start(self):
        return straggler.torch.vector(self.module)

    def gradient(self, x, rows):
        straggler.torch.load(self.module, x)
        self.module.zero_grad()
        scores = self.module(self.inputs[rows])
        torch.nn.functional.cross_entropy(scores, self.labels[rows]).backward()
        return straggler.torch.gradient(self.module)

    def accuracy(self, x):
        straggler.torch.load(self.module, x)
        return (self.module(self.inputs).argmax(1) == self.labels).float().mean().item()


def network():
    return NumPyNetwork() if torch is None else TorchNetwork()


def work(pipe):
    """A worker: a gradient at each point that it is sent."""
    own = network()
    while True:
        worker, number, ticket, point = pipe.recv()
        rows = numpy.random.default_rng([worker, number]).integers(1_000, size=BATCH)
        pipe.send((ticket, own.gradient(point, rows)))


class Fleet:
    """The processes, and their pipes."""

    def __init__(self, server):
        self.server = server
        self.context = multiprocessing.get_context("spawn")
        self.processes, self.pipes = {}, {}
        for worker in range(server.workers):
            self.start(worker)

    def start(self, worker):
        self.pipes[worker], other = self.context.Pipe()
        self.processes[worker] = self.context.Process(target=work, args=(other,), daemon=True)
        self.processes[worker].start()
        other.close()

    def send(self, orders):
        for order in orders:
            # Another order takes the place of the one at hand, whose gradient will be late.
            if order.task != "stop":
                message = (order.worker, order.number, order.ticket, self.server.point(order))
                try:
                    self.pipes[order.worker].send(message)
                except OSError:
                    pass  # The process is gone, which the end of its pipe says.

    def gradients(self):
        """What has arrived; processes that are gone are replaced."""
        workers = {pipe: worker for worker, pipe in self.pipes.items()}
        for pipe in multiprocessing.connection.wait(list(workers)):
            try:
                yield pipe.recv()
            except (EOFError, OSError):
                worker = workers[pipe]
                print(f"worker {worker} is gone; another one takes its place")
                self.server.remove(worker)
                self.start(worker)
                order = self.server.replace(worker)
                self.send([order] if order else [])


def main():
    own = network()
    with straggler.Server("ringmaster R=8 gamma=0.3", own.start(), workers=4) as server:
        fleet = Fleet(server)
        fleet.send(server.orders)
        victim = fleet.processes[1]
        print(f"accuracy {own.accuracy(server.model):.3f} at the start")
        iteration, is_killed = 0, False
        while iteration < 4_000:
            for ticket, gradient in fleet.gradients():
                server.receive(gradient, ticket)
                fleet.send(server.orders)
            iteration = server.counts["iteration"]
            if iteration >= 1_000 and not is_killed:
                os.kill(victim.pid, signal.SIGKILL)
                is_killed = True
        counts, accuracy = server.counts, own.accuracy(server.model)
        for process in fleet.processes.values():
            process.kill()
    print(f"accuracy {accuracy:.3f} after {iteration} updates, {counts['failed']} job given again")
    assert accuracy > 0.9 and counts["failed"] >= 1


if __name__ == "__main__":
    main()
