# SPDX-License-Identifier: Apache-2.0
"""Objectives in NumPy, as functions that the library calls."""

from __future__ import annotations

import ctypes
import math
from typing import Any, Callable, Dict, Optional

import numpy

from ._errors import StragglerError
from ._library import EVALUATE, SAMPLE, Problem, library

Vector = numpy.ndarray


class Draws:
    """The random numbers of a stochastic gradient: a `numpy.random.Generator`, made when it is first used.

    It depends on `seed`, `worker` (from 0) and `job` (from 1) alone, so that results do not depend on when, or
    in which order, gradients are computed.
    """

    __slots__ = ("seed", "worker", "job", "_generator")

    def __init__(self) -> None:
        self.seed = self.worker = self.job = 0
        self._generator: Optional[numpy.random.Generator] = None

    @property
    def generator(self) -> numpy.random.Generator:
        """The generator, at its beginning when it is first asked for in a gradient."""
        if self._generator is None:
            self._generator = numpy.random.Generator(
                numpy.random.Philox(key=self.seed, counter=[0, 0, self.worker, self.job])
            )
        return self._generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self.generator, name)


class Functions:
    """The callbacks of a problem, which have to live as long as the session has it."""

    def __init__(
        self,
        dimension: int,
        value: Callable[[Vector], float],
        gradient: Callable[[Vector], Vector],
        stochastic_gradient: Optional[Callable[[Vector, int, Any], Vector]],
        accuracy: Optional[Callable[[Vector], float]],
        start: Optional[Vector],
        constants: Dict[str, Optional[float]],
        flags: Dict[str, bool],
    ) -> None:
        #: What a function raised; the session raises it again.
        self.raised: Optional[BaseException] = None
        problem = Problem()
        library.straggler_problem_init(ctypes.byref(problem))
        problem.value = EVALUATE(self._number(dimension, value))
        problem.gradient = EVALUATE(self._gradient(dimension, gradient))
        if stochastic_gradient is not None:
            problem.stochastic_gradient = SAMPLE(self._sample(dimension, stochastic_gradient))
        if accuracy is not None:
            problem.accuracy = EVALUATE(self._number(dimension, accuracy))
        if start is not None:
            self._start = numpy.ascontiguousarray(start, dtype=float)
            if self._start.shape != (dimension,):
                raise ValueError(
                    f"x0 has the shape {self._start.shape}; it is a vector of {dimension} numbers"
                )
            problem.start = self._start.ctypes.data
        for name, constant in constants.items():
            setattr(problem, name, math.nan if constant is None else float(constant))
        for name, flag in flags.items():
            setattr(problem, name, bool(flag))
        self.problem = problem

    def _failed(self, error: BaseException) -> int:
        if self.raised is None:
            self.raised = error
        return 1

    def _number(self, dimension: int, function: Callable[[Vector], float]) -> Callable[..., int]:
        point, address, size = _buffer(dimension)
        move, number = ctypes.memmove, ctypes.c_double.from_address

        def call(_context: int, x: int, result: int) -> int:
            try:
                move(address, x, size)
                number(result).value = function(point)
                return 0
            except BaseException as error:
                return self._failed(error)

        return call

    def _gradient(
        self, dimension: int, function: Callable[[Vector], Vector]
    ) -> Callable[..., int]:
        point, address, size = _buffer(dimension)
        view, check = _views(dimension), _check(dimension, "gradient")
        shape, move, array = (dimension,), ctypes.memmove, numpy.ndarray

        def call(_context: int, x: int, g: int) -> int:
            try:
                move(address, x, size)
                result = function(point)
                if type(result) is not array or result.shape != shape:
                    result = check(result)
                view(g)[:] = result
                return 0
            except BaseException as error:
                return self._failed(error)

        return call

    def _sample(
        self, dimension: int, function: Callable[[Vector, int, Any], Vector]
    ) -> Callable[..., int]:
        point, address, size = _buffer(dimension)
        view, check = _views(dimension), _check(dimension, "stochastic gradient")
        shape, move, array, add = (dimension,), ctypes.memmove, numpy.ndarray, numpy.add
        draws = Draws()

        def call(
            _context: int, x: int, g: int, seed: int, worker: int, job: int, weight: float
        ) -> int:
            try:
                move(address, x, size)
                draws.seed, draws.worker, draws.job = seed, worker, job
                draws._generator = None
                result = function(point, worker, draws)
                if type(result) is not array or result.shape != shape:
                    result = check(result)
                out = view(g)
                add(out, result if weight == 1 else weight * result, out)
                return 0
            except BaseException as error:
                return self._failed(error)

        return call


def _buffer(dimension: int) -> Any:
    """A vector that functions get: one of our own, which they may keep without reaching freed memory."""
    point = numpy.zeros(dimension)
    return point, point.ctypes.data, point.nbytes


def _views(dimension: int) -> Callable[[int], Vector]:
    """The library's vectors as arrays; a run has few of them, at the same places all the time."""
    known: Dict[int, Vector] = {}
    block = ctypes.c_double * dimension

    def view(address: int) -> Vector:
        found = known.get(address)
        if found is None:
            if len(known) >= 256:
                known.clear()
            found = known[address] = numpy.frombuffer(block.from_address(address))
        return found

    return view


def _check(dimension: int, what: str) -> Callable[[Any], Vector]:
    def check(result: Any) -> Vector:
        result = numpy.asarray(result, dtype=float)
        if result.shape != (dimension,):
            raise StragglerError(
                f"the {what} has the shape {result.shape}; it is a vector of {dimension} numbers"
            )
        return result

    return check
