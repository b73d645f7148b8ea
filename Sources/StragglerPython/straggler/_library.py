# SPDX-License-Identifier: Apache-2.0
"""The C library: libstraggler beside this file, as straggler.h declares it."""

from __future__ import annotations

import ctypes
import os
import pathlib
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char_p,
    c_double,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint64,
    c_void_p,
)
from typing import Any, Optional

from ._errors import InvalidArgument, StragglerError

OK, FAILED, INVALID, UNMET, BUSY, MISSING, LATE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130

OUTPUT = CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)
PROGRESS = CFUNCTYPE(None, c_void_p, c_char_p, c_double)
EVALUATE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
SAMPLE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_uint64, c_int64, c_int64, c_double)


class Problem(ctypes.Structure):
    """`straggler_problem`."""

    _fields_ = [
        ("size", c_size_t),
        ("context", c_void_p),
        ("value", EVALUATE),
        ("gradient", EVALUATE),
        ("stochastic_gradient", SAMPLE),
        ("accuracy", EVALUATE),
        ("start", c_void_p),
        ("smoothness", c_double),
        ("variance", c_double),
        ("optimum", c_double),
        ("evaluation_cost", c_double),
        ("is_convex", c_int),
        ("is_heterogeneous", c_int),
        ("is_thread_safe", c_int),
    ]


class Order(ctypes.Structure):
    """`straggler_order`."""

    _fields_ = [
        ("ticket", c_uint64),
        ("worker", c_int64),
        ("task", c_int32),
        ("keeps_point", c_int32),
        ("count", c_int64),
        ("number", c_int64),
        ("version", c_int64),
        ("stepsize", c_double),
        ("allotted", c_double),
    ]


def _load() -> ctypes.CDLL:
    path = os.environ.get("STRAGGLER_LIBRARY") or str(
        pathlib.Path(__file__).with_name("libstraggler.so")
    )
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"{path}, the library that this package is about, cannot be loaded: {error}; "
            "install a wheel of your platform"
        ) from error
    pointer = POINTER(c_void_p)
    for name, result, arguments in [
        ("version", c_char_p, []),
        ("message", c_char_p, [c_void_p]),
        ("session_new", c_int, [c_int, pointer]),
        ("session_free", None, [c_void_p]),
        ("session_run", c_int, [c_void_p, c_char_p, OUTPUT, c_void_p]),
        ("session_interrupt", c_int, [c_void_p]),
        ("session_on_progress", c_int, [c_void_p, PROGRESS, c_void_p]),
        ("problem_init", None, [POINTER(Problem)]),
        ("problem_add", c_int, [c_void_p, c_char_p, c_size_t, POINTER(Problem)]),
        ("table_new", c_int, [c_void_p, c_char_p, pointer]),
        ("table_free", None, [c_void_p]),
        ("table_rows", c_size_t, [c_void_p]),
        ("table_columns", c_size_t, [c_void_p]),
        ("table_name", c_char_p, [c_void_p, c_size_t]),
        ("table_numbers", c_void_p, [c_void_p, c_size_t]),
        ("table_texts", POINTER(c_char_p), [c_void_p, c_size_t]),
        ("server_new", c_int, [c_char_p, c_void_p, c_size_t, c_int, c_size_t, pointer]),
        ("server_free", None, [c_void_p]),
        ("server_orders", c_int, [c_void_p, POINTER(Order), c_size_t, POINTER(c_size_t)]),
        ("server_point", c_int, [c_void_p, c_size_t, c_void_p]),
        ("server_receive", c_int, [c_void_p, c_void_p, c_uint64, c_double]),
        ("server_fail", c_int, [c_void_p, c_uint64, c_double]),
        ("server_complete_step", c_int, [c_void_p, c_uint64, c_double]),
        ("server_remove", c_int, [c_void_p, c_size_t, c_double]),
        ("server_replace", c_int, [c_void_p, c_size_t, POINTER(Order), c_void_p]),
        ("server_model", c_int, [c_void_p, c_void_p]),
        ("server_counts", c_int, [c_void_p, POINTER(c_char_p)]),
        ("server_checkpoint", c_int, [c_void_p, c_void_p, c_size_t, POINTER(c_size_t)]),
        ("server_restore", c_int, [c_void_p, c_char_p, c_size_t]),
    ]:
        function = getattr(library, "straggler_" + name)
        function.restype, function.argtypes = result, arguments
    return library


library: Any = _load()


def version() -> str:
    """The version of the library."""
    return library.straggler_version().decode()


def message(handle: Optional[int] = None) -> str:
    """Why this thread's last call failed."""
    return library.straggler_message(handle).decode(errors="replace")


def error(status: int, handle: Optional[int] = None) -> StragglerError:
    """The exception of a call that ended with `status`, in the thread that made it."""
    kind = InvalidArgument if status == INVALID else StragglerError
    return kind(message(handle))
