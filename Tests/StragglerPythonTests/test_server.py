# SPDX-License-Identifier: Apache-2.0

import math
import os
import signal
import threading
import multiprocessing

import numpy
import pytest

import straggler


def serve(server, updates, gradient=lambda x: x, order_of=lambda n: 0):
    """Workers that compute at once; of the open jobs one delivers at a time."""
    jobs = []

    def take():
        for order in server.orders:
            jobs[:] = [job for job in jobs if job[0].worker != order.worker]
            if order.task != "stop":
                jobs.append((order, server.point(order)))

    take()
    for event in range(updates):
        order, point = jobs.pop(order_of(event) % len(jobs))
        assert server.receive(gradient(point), order.ticket)
        take()


@pytest.mark.parametrize(
    "method", ["asgd gamma=0.05", "rennala gamma=0.2 batch=3", "ringmaster R=4 gamma=0.1", "minibatch gamma=0.3"]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_methods_train(method, dtype):
    with straggler.Server(method, numpy.full(9, 2, dtype), workers=4) as server:
        assert (server.dimension, server.workers) == (9, 4) and len(server.orders) == 4
        serve(server, 300, order_of=lambda n: 7 * n)
        assert server.model.dtype == dtype and abs(server.model).max() < 0.1
        counts = server.counts
        assert counts["arrivals"] == 300 and counts["late"] == 0 and counts["stall"] is None
        assert method in repr(server)


def test_late_and_failed_jobs():
    server = straggler.Server("asgd gamma=0.1", numpy.ones(3), workers=3)
    first = server.orders
    assert [order.task for order in first] == ["gradient"] * 3
    assert server.receive([1, 1, 1], first[0].ticket, time=1.5)
    assert not server.receive(numpy.ones(3), first[0].ticket)
    assert not server.fail(12345)
    assert server.fail(first[1].ticket)
    (again,) = server.orders
    assert again.worker == 1 and again.version == 0 and again.ticket != first[1].ticket
    server.remove(2)
    assert not server.receive(numpy.ones(3), first[2].ticket)
    order = server.replace(2)
    assert order.worker == 2 and server.point(order).shape == (3,)
    assert server.receive(numpy.zeros(3), order.ticket)
    assert server.counts["late"] == 3 and server.counts["failed"] == 2 and server.counts["time"] == 1.5


def test_wrong_arguments_have_sentences():
    ones = numpy.ones(3)
    for method, part in [
        ("renala", "rennala"),
        ("asgd gamma=-1", "gamma"),
        ("rennala", "needs"),
        ("fragile gamma=1", "no server"),
        ("", "method"),
    ]:
        with pytest.raises(straggler.InvalidArgument, match=part):
            straggler.Server(method, ones, workers=2)
    with pytest.raises(straggler.InvalidArgument, match="worker"):
        straggler.Server("asgd gamma=1", ones, workers=0)
    with pytest.raises(straggler.InvalidArgument, match="finite"):
        straggler.Server("asgd gamma=1", [1, math.nan], workers=1)
    with pytest.raises(ValueError, match="shape"):
        straggler.Server("asgd gamma=1", numpy.ones((2, 2)), workers=1)
    server = straggler.Server("asgd gamma=0.1", ones, workers=2)
    order, other = server.orders
    for gradient in [numpy.ones(4), numpy.ones((3, 1)), 1.0]:
        with pytest.raises(straggler.InvalidArgument, match="shape"):
            server.receive(gradient, order.ticket)
    with pytest.raises(straggler.InvalidArgument, match="coordinate 1"):
        server.receive([0, math.inf, 0], order.ticket)
    with pytest.raises(straggler.InvalidArgument, match="time"):
        server.receive(ones, order.ticket, time=-1)
    with pytest.raises(straggler.InvalidArgument, match="one piece"):
        server.copy_model(numpy.zeros(6)[::2])
    with pytest.raises(straggler.InvalidArgument):
        server.remove(2)
    with pytest.raises(straggler.InvalidArgument):
        server.replace(0)
    assert server.receive(numpy.ones(6)[::2], order.ticket)
    with pytest.raises(straggler.InvalidArgument, match="last event"):
        server.point(other)
    server.close()
    with pytest.raises(straggler.StragglerError, match="closed"):
        server.orders


def test_checkpoints_go_on_bit_for_bit():
    make = lambda: straggler.Server("minibatch gamma=0.3", numpy.ones(5), workers=2)
    first = make()
    serve(first, 8)
    saved = first.checkpoint()
    second = make()
    second.restore(saved)
    assert second.model.tobytes() == first.model.tobytes() and second.counts["iteration"] == 4
    serve(second, 8)
    third = make()
    serve(third, 16)
    assert second.model.tobytes() == third.model.tobytes()
    with pytest.raises(straggler.InvalidArgument, match="changed or cut"):
        second.restore(saved[:-1])
    with pytest.raises(straggler.InvalidArgument):
        second.restore(b"")
    with pytest.raises(straggler.InvalidArgument, match="another server"):
        straggler.Server("minibatch gamma=0.3", numpy.ones(6), workers=2).restore(saved)


def test_a_checkpoint_has_the_size_that_was_told():
    first = straggler.Server("minibatch gamma=0.3", numpy.ones(5), workers=2)
    serve(first, 8)
    for _ in range(300):
        second = straggler.Server("minibatch gamma=0.3", numpy.ones(5), workers=2)
        second.restore(first.checkpoint())
        assert second.model.tobytes() == first.model.tobytes()


def test_servers_in_threads():
    results = [None, None]

    def train(index):
        server = straggler.Server("ringmaster R=4 gamma=0.1", numpy.ones(50), workers=4)
        serve(server, 500, order_of=lambda n: 3 * n)
        results[index] = server.model.tobytes()

    threads = [threading.Thread(target=train, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[0] is not None and results[0] == results[1]


def work(connection):
    while True:
        ticket, point = connection.recv()
        connection.send((ticket, point))


def test_four_processes_and_one_is_killed():
    context = multiprocessing.get_context("spawn")
    server = straggler.Server("ringmaster R=4 gamma=0.05", numpy.ones(20), workers=4)
    processes, pipes = [None] * 4, [None] * 4

    def start(worker):
        pipes[worker], other = context.Pipe()
        processes[worker] = context.Process(target=work, args=(other,), daemon=True)
        processes[worker].start()
        other.close()

    def send(order):
        try:
            pipes[order.worker].send((order.ticket, server.point(order)))
        except OSError:
            pass  # It is gone, which its pipe tells.

    for worker in range(4):
        start(worker)
    for order in server.orders:
        send(order)
    killed = False
    while server.counts["iteration"] < 200:
        if not killed and server.counts["iteration"] >= 50:
            os.kill(processes[2].pid, signal.SIGKILL)
            killed = True
        for pipe in multiprocessing.connection.wait(pipes):
            worker = pipes.index(pipe)
            try:
                ticket, gradient = pipe.recv()
            except (EOFError, OSError):
                server.remove(worker)
                start(worker)
                order = server.replace(worker)
                if order is not None:
                    send(order)
                continue
            server.receive(gradient, ticket)
            for order in server.orders:
                send(order)
    for process in processes:
        process.kill()
    assert killed and server.counts["failed"] == 1 and abs(server.model).max() < 0.5


def test_the_parameters_of_a_module():
    torch = pytest.importorskip("torch")
    import straggler.torch

    torch.manual_seed(1)
    module, copy = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    server = straggler.torch.Server(module, "asgd gamma=0.1", workers=1)
    inputs, targets = torch.randn(64, 3), torch.randn(64, 2)
    first = torch.nn.functional.mse_loss(module(inputs), targets).item()
    for _ in range(50):
        (order,) = server.orders
        straggler.torch.load(copy, server.point(order))
        copy.zero_grad()
        torch.nn.functional.mse_loss(copy(inputs), targets).backward()
        assert server.receive(straggler.torch.gradient(copy), order.ticket)
    server.update()
    assert torch.nn.functional.mse_loss(module(inputs), targets).item() < first
