# SPDX-License-Identifier: Apache-2.0
"""Servers: methods driven by gradients that real workers compute."""

from __future__ import annotations

import ctypes
import json
import math
from typing import Any, Dict, List, NamedTuple, Optional

import numpy

from . import _library
from ._errors import InvalidArgument, StragglerError
from ._library import Order as _Order
from ._library import library

_tasks = ("stop", "gradient", "batch", "local", "open-ended", "sum")


class Order(NamedTuple):
    """What a worker has to do.

    `ticket` is the number by which the work is handed in, `worker` the worker's, from 0. `task` says what to
    compute, from the point of the order on:

    - `"gradient"`: one stochastic gradient; `"batch"`: the sum of `count` of them;
    - `"local"`: the sum of the gradients of `count` local steps y ← y − stepsize · g(y);
    - `"open-ended"`: local steps until an order asks for their sum; each but the first `count` is reported by
      `complete_step`; `"sum"`: the sum of the first `count` of them;
    - `"stop"`: nothing; the worker stops what it does and waits.

    `number` counts the worker's gradients, from 1, and `version` the updates that the point has seen.
    `keeps_point` says that the worker has the point already. A trial fails after `allotted` seconds.
    """

    ticket: int
    worker: int
    task: str
    count: int
    number: int
    version: int
    stepsize: float
    allotted: float
    keeps_point: bool
    event: int
    index: int


class Server:
    """A method behind which real workers train: threads, processes, ranks, machines.

        server = straggler.Server("ringmaster R=4 gamma=0.1", x0, workers=4)
        for order in server.orders:
            send(order.worker, order.ticket, server.point(order))
        while True:
            ticket, gradient = next_from_any_worker()
            server.receive(gradient, ticket)
            for order in server.orders: ...

    `method` is a method with its keys as in the command language, `x0` the model at the start, a vector of
    numbers, and `workers` how many there are. The server has no clock, threads or connections: it takes
    gradients, and says who computes what. The model is kept in float32 if `x0` is, and in float64 otherwise.

    What comes by a ticket that is not open (delivered, stopped, of a worker that was removed) is late: it is
    counted and changes nothing. What is wrong with an argument is an `InvalidArgument` that says it; nothing has
    changed then. A server is for one thread at a time; `with` closes it.
    """

    def __init__(self, method: str, x0: Any, workers: int) -> None:
        self._handle: Optional[int] = None
        x0 = numpy.asarray(x0)
        dtype = numpy.float32 if x0.dtype == numpy.float32 else numpy.float64
        model = numpy.ascontiguousarray(x0, dtype=dtype)
        if model.ndim != 1:
            raise ValueError(f"x0 has the shape {model.shape}; it is a vector")
        handle = ctypes.c_void_p()
        status = library.straggler_server_new(
            method.encode(),
            model.ctypes.data,
            model.size,
            8 * model.itemsize,
            workers,
            ctypes.byref(handle),
        )
        if status != _library.OK:
            raise _library.error(status)
        self._handle = handle.value
        self._dtype = model.dtype
        self._shape = model.shape
        self._orders = (_Order * workers)()
        self._count = ctypes.c_size_t()
        self._event = 0
        #: The method with its keys.
        self.method = method
        #: How many workers there can be.
        self.workers = workers
        #: The length of the model.
        self.dimension = model.size

    def _own(self) -> int:
        if self._handle is None:
            raise StragglerError("the server is closed; make another one")
        return self._handle

    def _check(self, status: int) -> bool:
        """False where it was late."""
        if status == _library.OK:
            return True
        if status == _library.LATE:
            return False
        raise _library.error(status, self._handle)

    @property
    def orders(self) -> List[Order]:
        """The orders of the last event, at most one for each worker; at first those of the beginning."""
        count = self._count
        self._check(
            library.straggler_server_orders(self._own(), self._orders, self.workers, ctypes.byref(count))
        )
        return [self._order(self._orders[index], index) for index in range(count.value)]

    def _order(self, order: Any, index: int) -> Order:
        return Order(
            order.ticket,
            order.worker,
            _tasks[order.task],
            order.count,
            order.number,
            order.version,
            order.stepsize,
            order.allotted,
            bool(order.keeps_point),
            self._event,
            index,
        )

    def point(self, order: Order, out: Optional[numpy.ndarray] = None) -> numpy.ndarray:
        """The point at which the worker of `order`, one of the last event, computes: a copy, in `out` if given."""
        if order.event != self._event:
            raise InvalidArgument(
                "the order is not one of the last event: take its point before the next one"
            )
        if out is None:
            out = numpy.empty(self._shape, self._dtype)
        self._check(
            library.straggler_server_point(self._own(), order.index, self._vector(out, "out", True))
        )
        return out

    def _vector(self, array: numpy.ndarray, what: str, is_written: bool = False) -> int:
        """The address of a vector of the model's kind."""
        interface = array.__array_interface__
        address, is_read_only = interface["data"]
        if (
            interface["shape"] != self._shape
            or interface["strides"] is not None
            or array.dtype != self._dtype
            or (is_written and is_read_only)
        ):
            raise InvalidArgument(
                f"{what} has the shape {array.shape} and the type {array.dtype}; it is a vector of "
                f"{self.dimension} numbers of {self._dtype}, in one piece"
            )
        return address

    def receive(self, gradient: Any, ticket: int, time: float = math.nan) -> bool:
        """What the job of `ticket` was to compute has arrived, a vector. False where it is late.

        `time`, in whatever unit, is for the statistics and for stepsizes that depend on it.
        """
        if (
            type(gradient) is not numpy.ndarray
            or gradient.dtype != self._dtype
            or not gradient.flags.c_contiguous
        ):
            gradient = numpy.ascontiguousarray(gradient, dtype=self._dtype)
        status = library.straggler_server_receive(
            self._own(), self._vector(gradient, "the gradient"), ticket, time
        )
        return self._after(status)

    def _after(self, status: int) -> bool:
        """An event has happened, unless it was refused; what is late gives no orders."""
        taken = self._check(status)
        self._event += 1
        return taken

    def fail(self, ticket: int, time: float = math.nan) -> bool:
        """The job of `ticket` will not deliver, and is ordered again, or is a trial whose time is over. False
        where it is late."""
        return self._after(library.straggler_server_fail(self._own(), ticket, time))

    def complete_step(self, ticket: int, time: float = math.nan) -> bool:
        """A step of the open-ended work of `ticket` is complete. False where it is late."""
        return self._after(library.straggler_server_complete_step(self._own(), ticket, time))

    def remove(self, worker: int, time: float = math.nan) -> None:
        """A worker has gone: its ticket is late from now on, and its work waits for its successor."""
        self._after(library.straggler_server_remove(self._own(), worker, time))

    def replace(self, worker: int) -> Optional[Order]:
        """There is a new worker in place of one that was removed: what it has to do, or None where there is
        nothing yet. Its point is `point(order)`."""
        order = _Order()
        status = library.straggler_server_replace(self._own(), worker, ctypes.byref(order), None)
        if status == _library.MISSING:
            self._event += 1
            return None
        self._after(status)
        return next(one for one in self.orders if one.ticket == order.ticket)

    @property
    def model(self) -> numpy.ndarray:
        """The newest model, a copy."""
        return self.copy_model(numpy.empty(self._shape, self._dtype))

    def copy_model(self, out: numpy.ndarray) -> numpy.ndarray:
        """Copies the newest model to `out`, a vector of the model's type, and returns it."""
        self._check(library.straggler_server_model(self._own(), self._vector(out, "out", True)))
        return out

    @property
    def counts(self) -> Dict[str, Any]:
        """The statistics so far: `iteration`, `arrivals`, `used`, `late`, `failed`, `open` (tickets), `stall` (why
        no event can come any more, or None) and others."""
        text = ctypes.c_char_p()
        self._check(library.straggler_server_counts(self._own(), ctypes.byref(text)))
        return json.loads(text.value or b"{}")

    def checkpoint(self) -> bytes:
        """The state, for `restore`."""
        size = ctypes.c_size_t()
        library.straggler_server_checkpoint(self._own(), None, 0, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(max(1, size.value))
        self._check(
            library.straggler_server_checkpoint(self._own(), buffer, size.value, ctypes.byref(size))
        )
        return buffer.raw[: size.value]

    def restore(self, checkpoint: bytes) -> None:
        """Goes back to a checkpoint of a server that was made by the same call, also in another process. Tickets
        of before are late, and their work is among `orders` again."""
        checkpoint = bytes(checkpoint)
        self._after(library.straggler_server_restore(self._own(), checkpoint, len(checkpoint)))

    def close(self) -> None:
        """Gives the server's memory back. It is of no use afterwards."""
        handle, self._handle = self._handle, None
        if handle is not None:
            library.straggler_server_free(handle)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()

    def __repr__(self) -> str:
        return f"<straggler.Server {self.method!r}, {self.workers} workers, d = {self.dimension}>"
