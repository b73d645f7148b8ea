# SPDX-License-Identifier: Apache-2.0
"""Tables: DataFrames where pandas is there, and records otherwise."""

from __future__ import annotations

import ctypes
from typing import Any, Dict, List, Optional

import numpy

from . import _library
from ._library import library

try:
    from importlib.util import find_spec as _find_spec

    _has_pandas = _find_spec("pandas") is not None
except (ImportError, ValueError):
    _has_pandas = False


class Records(List[Dict[str, Any]]):
    """The rows of a table, where pandas is not installed: a dictionary each.

    `columns` has the names of the columns, `attrs` what belongs to the table as a whole, and `records["gap"]`
    is a column as a list.
    """

    def __init__(self, columns: Dict[str, Any]) -> None:
        names = list(columns)
        super().__init__(dict(zip(names, row)) for row in zip(*columns.values()))
        self.columns: List[str] = names
        self.attrs: Dict[str, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key not in self.columns:
                raise KeyError(key)
            return [row[key] for row in self]
        return super().__getitem__(key)


def table(columns: Dict[str, Any]) -> Any:
    """A DataFrame of `columns`, or `Records`."""
    if not _has_pandas:
        return Records(
            {k: v.tolist() if isinstance(v, numpy.ndarray) else v for k, v in columns.items()}
        )
    import pandas

    return pandas.DataFrame(columns)


def columns(session: int, name: str) -> Optional[Dict[str, Any]]:
    """The columns of a result: arrays of numbers, lists of texts. None where there is no such result."""
    handle = ctypes.c_void_p()
    status = library.straggler_table_new(session, name.encode(), ctypes.byref(handle))
    if status == _library.MISSING:
        return None
    if status != _library.OK:
        raise _library.error(status, session)
    try:
        rows = library.straggler_table_rows(handle)
        found: Dict[str, Any] = {}
        for column in range(library.straggler_table_columns(handle)):
            key = library.straggler_table_name(handle, column).decode()
            numbers = library.straggler_table_numbers(handle, column)
            if numbers:
                block = (ctypes.c_double * rows).from_address(numbers)
                found[key] = numpy.array(block, dtype=float)
            else:
                texts = library.straggler_table_texts(handle, column)
                found[key] = [
                    None if texts[row] is None else texts[row].decode() for row in range(rows)
                ]
        return found
    finally:
        library.straggler_table_free(handle)
