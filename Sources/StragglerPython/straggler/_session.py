# SPDX-License-Identifier: Apache-2.0
"""Sessions: the command language from Python."""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import threading
import time
import warnings
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

import numpy

from . import _library, _records, _words
from ._errors import CommandError, ExpectationError, StragglerError, StragglerWarning
from ._library import OUTPUT, PROGRESS, library
from ._problem import Functions

Until = Union[None, str, Iterable[str]]
Progress = Union[None, bool, Callable[[str, float], None]]
_numbers = {"inf": float("inf"), "-inf": float("-inf")}


class Figure(str):
    """A figure in SVG, which notebooks show."""

    def _repr_svg_(self) -> str:
        return str(self)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the figure to a file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self)


class Session:
    """A problem, a fleet, methods and what they have come to.

    The arguments are what follows the commands of these names in a script:

        s = Session(problem="quadratic dim=100", workers="50 tau=sqrt(i) delay=lognormal(0,2)", seed=3)

    `threads` is the most threads that commands work on, 0 for one a processor; results do not depend on it.
    `progress` shows how far long work has come: True, False, a function of what is done and of its fraction
    (NaN where unknown), or None for a bar where standard error is a terminal or a notebook.

    A session is for one thread at a time; several sessions are independent of each other, also in several
    threads. In a child of `os.fork` it is a copy that works on one thread. Errors are `CommandError`s, warnings
    `StragglerWarning`s. Ctrl-C ends a command; what was reached by then is kept.
    """

    def __init__(
        self,
        problem: Optional[str] = None,
        workers: Union[None, int, str] = None,
        method: Optional[str] = None,
        *,
        topology: Optional[str] = None,
        target: Optional[str] = None,
        seed: Optional[int] = None,
        threads: int = 0,
        progress: Progress = None,
    ) -> None:
        self._handle: Optional[int] = None
        handle = ctypes.c_void_p()
        status = library.straggler_session_new(threads, ctypes.byref(handle))
        if status != _library.OK:
            raise _library.error(status)
        self._handle = handle.value
        self._objects: List[Dict[str, Any]] = []
        self._raised: Optional[BaseException] = None
        self._functions: Dict[str, Functions] = {}
        self._take = OUTPUT(self._output)
        self._show = PROGRESS(self._on_progress)
        self._bar: Any = None
        self._progress = progress
        self._next_look = 0.0
        library.straggler_session_on_progress(self._handle, self._show, None)
        settings = {
            "problem": problem,
            "workers": workers,
            "topology": topology,
            "method": method,
            "target": target,
            "seed": seed,
        }
        for command, words in settings.items():
            if words is not None:
                self.execute(f"{command} {words}")

    # Carrying out

    def execute(self, commands: str) -> List[Dict[str, Any]]:
        """Runs commands as a script, up to the first that fails, and returns what they report: the objects of
        `straggler --json`. The text is that of the command language, see `help` there."""
        handle = self._own()
        self._objects, self._raised = [], None
        for functions in self._functions.values():
            functions.raised = None
        text = commands.encode()
        if b"\0" in text:
            raise CommandError("the commands contain a zero byte")
        try:
            status, sentence = self._wait(
                lambda: (
                    library.straggler_session_run(handle, text, self._take, None),
                    _library.message(handle),
                )
            )
        finally:
            self._end_progress()
        objects, self._objects = self._objects, []
        return self._checked(objects, status, sentence, commands)

    def _checked(
        self, objects: List[Dict[str, Any]], status: int, sentence: str, commands: str
    ) -> List[Dict[str, Any]]:
        reports = []
        error: Dict[str, Any] = {}
        for one in objects:
            if "error" in one:
                error = one["error"]
            elif "warning" in one or "note" in one:
                about = one.get("warning") or one.get("note") or {}
                text = about.get("message", "")
                if about.get("remedy"):
                    text += "; " + about["remedy"]
                warnings.warn(text, StragglerWarning, stacklevel=4)
            elif "ok" not in one:
                reports.append(one)
        if status == _library.OK:
            return reports
        raised = self._raised
        for functions in self._functions.values():
            raised = raised or functions.raised
        if raised is not None:
            raise raised
        if status in (_library.FAILED, _library.UNMET) and error:
            kind = ExpectationError if status == _library.UNMET else CommandError
            raise kind(
                error.get("message", sentence),
                error.get("remedy"),
                error.get("line", 0),
                error.get("column", 0),
                commands,
            )
        if status == _library.INTERRUPTED:
            raise KeyboardInterrupt
        raise StragglerError(sentence)

    def _wait(self, call: Callable[[], Any]) -> Any:
        """Makes a call that may be long. Signals reach the main thread between instructions only: another one
        makes the call then, and Ctrl-C ends it."""
        if threading.current_thread() is not threading.main_thread():
            return call()
        results: List[Any] = []
        errors: List[BaseException] = []
        # Joining the thread would forget, once interrupted, that it is alive.
        done = threading.Event()

        def work() -> None:
            try:
                results.append(call())
            except BaseException as error:
                errors.append(error)
            finally:
                done.set()

        threading.Thread(target=work, name="straggler", daemon=True).start()
        interruption: Optional[BaseException] = None
        while not done.is_set():
            try:
                done.wait()
            except BaseException as error:
                interruption = error
                self.interrupt()
        if interruption is not None:
            raise interruption
        if errors:
            raise errors[0]
        return results[0]

    def _output(self, _context: Any, line: int, length: int) -> int:
        try:
            self._objects.append(json.loads(ctypes.string_at(line, length)))
            return 0
        except BaseException as error:
            self._raised = error
            return 1

    def interrupt(self) -> None:
        """Ends what the session is doing, from another thread. The command raises KeyboardInterrupt there."""
        if self._handle is not None:
            library.straggler_session_interrupt(self._handle)

    def close(self) -> None:
        """Gives the session's memory back. It is of no use afterwards."""
        handle, self._handle = self._handle, None
        if handle is not None:
            library.straggler_session_free(handle)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()

    def _own(self) -> int:
        if self._handle is None:
            raise StragglerError("the session is closed; make another one")
        return self._handle

    # Commands

    def method(self, text: str) -> None:
        """Chooses the method of `run`: `"rennala batch=16 gamma=0.1"`."""
        self.execute(f"method {text}")

    def workers(self, text: Union[int, str]) -> None:
        """Chooses the fleet: `"100 tau=sqrt(i) delay=lognormal(0,2)"`."""
        self.execute(f"workers {text}")

    def run(self, until: Until = None, **keys: Any) -> Dict[str, Any]:
        """Runs the method until a condition holds, `until="gap<1e-3"` or a list of conditions, or a bound is
        reached: `updates=`, `time=` (simulated seconds), `arrivals=`. Returns the statistics."""
        words = ["run", *_words.conditions(until), *_words.keys(keys)]
        report = _words.first(self.execute(" ".join(words)), "run") or {}
        return {
            name: _numbers.get(value, value) if isinstance(value, str) else value
            for name, value in report.items()
        }

    def compare(
        self,
        *methods: str,
        until: Until = None,
        tune: Union[bool, Mapping[str, Any]] = False,
        seeds: Optional[int] = None,
        **keys: Any,
    ) -> Any:
        """Runs methods on the same problem, fleet and random numbers, each text a method with its keys.

        Returns a DataFrame with a row for each, or `Records` without pandas; `attrs["traces"]` holds the points
        of the runs and `attrs["refusals"]` the methods that cannot run, with the reason. `tune=True` gives each
        method its best stepsize, and a dictionary of lists the best of all combinations:
        `tune={"batch": [1, 4, 16]}`.
        """
        words = [
            "compare",
            *map(_words.method, methods),
            *_words.conditions(until),
            *_words.keys({"seeds": seeds, **keys}),
            *_words.tuning(tune),
        ]
        return self._results(" ".join(words))

    def tune(self, method: str, until: Until = None, **lists: Any) -> Any:
        """The best stepsize of a method, and the best of the lists of other keys: `tune("rennala",
        until="gap<1e-3", batch=[1, 4, 16])`. Keys that are no lists are those of `compare`. Returns what
        `compare` returns; what was tuned has a column."""
        grid = {k: v for k, v in lists.items() if not isinstance(v, (str, int, float)) and v is not None}
        others = {k: v for k, v in lists.items() if k not in grid}
        return self.compare(method, until=until, tune=grid or True, **others)

    def sweep(
        self,
        lists: Mapping[str, Any],
        until: Until = None,
        seeds: Optional[int] = None,
        **keys: Any,
    ) -> Any:
        """Runs all combinations of some keys' values, `sweep({"batch": [1, 4], "workers": [10, 100]},
        time=50)`, and returns a DataFrame with a row for each, as `compare` does."""
        words = [
            "sweep",
            _words.grid(lists, " "),
            *_words.conditions(until),
            *_words.keys({"seeds": seeds, **keys}),
        ]
        return self._results(" ".join(words))

    def _results(self, command: str) -> Any:
        reports = self.execute(command)
        columns = _records.columns(self._own(), "results") or {}
        table = _records.table(columns)
        table.attrs["traces"] = self.traces()
        table.attrs["refusals"] = [
            {k: v for k, v in one.items() if k != "command"} for one in reports if "reason" in one
        ]
        return table

    def advise(self, trace: Union[None, str, "os.PathLike[str]"] = None, **keys: Any) -> List[Dict[str, Any]]:
        """Which method to use on the configured fleet, or on recorded durations in the file `trace`: a
        dictionary for each line of the advice."""
        source = [] if trace is None else ["trace", _words.quoted(os.fspath(trace))]
        return self.execute(" ".join(["advise", *source, *_words.keys(keys)]))

    def plot(self, path: Union[None, str, "os.PathLike[str]"] = None, **keys: Any) -> Figure:
        """The traces of the last run or comparison, or a sweep, as a figure that notebooks show:
        `plot(y="gap", logy=True)`. The keys are those of `plot` in the command language. With `path` it is
        written to that file, too."""
        own = None if path is None else os.fspath(path)
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "figure.svg")
            self.execute(" ".join(["plot", _words.quoted(file), *_words.keys(keys)]))
            with open(file, encoding="utf-8") as stream:
                figure = Figure(stream.read())
        if own is not None:
            figure.save(own)
        return figure

    # Results

    def traces(self) -> Any:
        """The points of the last run, comparison or sweep: a DataFrame, or `Records` without pandas."""
        return _records.table(_records.columns(self._own(), "traces") or {})

    def table(self, name: str) -> Any:
        """A table that the command `row` has filled. KeyError where there is none of that name."""
        columns = _records.columns(self._own(), name)
        if columns is None:
            raise KeyError(name)
        return _records.table(columns)

    @property
    def model(self) -> numpy.ndarray:
        """x of the run, a vector of d numbers."""
        columns = _records.columns(self._own(), "model")
        if columns is None:
            raise StragglerError("there is no run, and so no model; call run() first")
        return columns["x"]

    # Problems

    def problem(
        self,
        text: Optional[str] = None,
        *,
        dimension: Optional[int] = None,
        value: Optional[Callable[[numpy.ndarray], float]] = None,
        gradient: Optional[Callable[[numpy.ndarray], numpy.ndarray]] = None,
        stochastic_gradient: Optional[Callable[[numpy.ndarray, int, Any], numpy.ndarray]] = None,
        accuracy: Optional[Callable[[numpy.ndarray], float]] = None,
        x0: Optional[numpy.ndarray] = None,
        L: Optional[float] = None,
        sigma2: Optional[float] = None,
        fstar: Optional[float] = None,
        cost: Optional[float] = None,
        convex: bool = False,
        heterogeneous: bool = False,
        name: str = "own",
    ) -> None:
        """Chooses the objective f to minimise: `problem("quadratic dim=100")` is one of the library's, and
        `problem(dimension=d, value=f, gradient=g)` one of your own, in NumPy.

        `value(x)` is f(x), `gradient(x)` is ∇f(x), and `stochastic_gradient(x, worker, rng)` an unbiased
        estimate of it, computed by `worker` (from 0) with the random numbers of `rng`, a generator that depends
        on the seed, the worker and its job alone; without it, workers compute ∇f(x). `accuracy(x)` is a share
        of a test set, from 0 to 1. x and gradients are vectors of `dimension` numbers; x is the same array in
        every call: copy what you keep of it. `x0` is where runs start, zeros if left out.

        What is known of f: its smoothness constant `L`, the bound `sigma2` on the variance of the stochastic
        gradients, its infimum `fstar`, what a value costs in stochastic gradients (`cost`), whether it is
        `convex`, and whether workers have objectives of their own, with f as their mean (`heterogeneous`).

        `name` is what commands call it. What a function raises ends the command and is raised again.
        """
        if text is not None:
            self.execute(f"problem {text}")
            return
        if dimension is None or value is None or gradient is None:
            raise TypeError("a problem takes dimension=, value= and gradient=, or a text")
        functions = Functions(
            dimension,
            value,
            gradient,
            stochastic_gradient,
            accuracy,
            x0,
            {"smoothness": L, "variance": sigma2, "optimum": fstar, "evaluation_cost": cost},
            {"is_convex": convex, "is_heterogeneous": heterogeneous, "is_thread_safe": False},
        )
        handle = self._own()
        status = library.straggler_problem_add(
            handle, name.encode(), dimension, ctypes.byref(functions.problem)
        )
        if status != _library.OK:
            raise _library.error(status, handle)
        self._functions[name] = functions
        self.execute(f"problem {name}")

    # Progress

    def _on_progress(self, _context: Any, what: Optional[bytes], fraction: float) -> None:
        if what is None or self._progress is False:
            return
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + 0.1
        try:
            if callable(self._progress):
                self._progress(what.decode(), fraction)
            elif self._progress or _has_display():
                self._bar = self._bar or _Bar()
                self._bar.update(what.decode(), fraction)
        except BaseException as error:
            self._raised = error
            self.interrupt()

    def _end_progress(self) -> None:
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.close()

    def __repr__(self) -> str:
        if self._handle is None:
            return "<straggler.Session, closed>"
        return "<straggler.Session>"


def _has_display() -> bool:
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


class _Bar:
    """A progress bar, of tqdm where that is installed."""

    def __init__(self) -> None:
        self._tqdm: Any = None
        self._length = 0
        try:
            from tqdm.auto import tqdm

            self._tqdm = tqdm(total=1, leave=False, bar_format="{l_bar}{bar}| {elapsed}<{remaining}")
        except ImportError:
            pass

    def update(self, what: str, fraction: float) -> None:
        if self._tqdm is not None:
            self._tqdm.set_description(what, refresh=False)
            if fraction >= 0:
                self._tqdm.n = min(1, fraction)
            self._tqdm.refresh()
            return
        text = what if not fraction >= 0 else f"{100 * min(1, fraction):3.0f} %  {what}"
        padding = " " * max(0, self._length - len(text))
        self._length = len(text)
        sys.stderr.write("\r" + text + padding)
        sys.stderr.flush()

    def close(self) -> None:
        if self._tqdm is not None:
            self._tqdm.close()
        elif self._length:
            sys.stderr.write("\r" + " " * self._length + "\r")
            sys.stderr.flush()


__all__: Tuple[str, ...] = ("Figure", "Session")
