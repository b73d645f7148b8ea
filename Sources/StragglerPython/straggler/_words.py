# SPDX-License-Identifier: Apache-2.0
"""Python's values as words of the command language."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Union

import numpy

_bare = re.compile(r"""[^\s"'#;\\{}]+""")


def quoted(text: str) -> str:
    """`text` as a string of the language."""
    for character, escape in ("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"):
        text = text.replace(character, escape)
    return f'"{text}"'


def word(value: Any) -> str:
    """A value: a number, a list, or a text, which is quoted where it has to be."""
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    if isinstance(value, (float, numpy.floating)):
        return repr(float(value))
    if isinstance(value, str):
        if _bare.fullmatch(value) or (value[:1] in "\"'" and value[1:] and value[-1] == value[0]):
            return value
        return quoted(value)
    if hasattr(value, "__fspath__"):
        return quoted(value.__fspath__())
    if isinstance(value, Iterable):
        return "[" + ",".join(word(element) for element in value) + "]"
    raise TypeError(f"{value!r} is no number, text or list of them")


def keys(given: Mapping[str, Any]) -> List[str]:
    """Keyword arguments: `time=3` is `time=3`, `logy=True` is `logy`; None and False are left out.

    A name with `_` for which the language has `-` is written with that where its value is True.
    """
    words = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        words.append(name.replace("_", "-") if value is True else f"{name}={word(value)}")
    return words


def conditions(until: Union[None, str, Iterable[str]]) -> List[str]:
    """Conditions such as `gap<1e-3`, without the blanks that they may have in Python."""
    if until is None:
        return []
    texts = until.split(",") if isinstance(until, str) else list(until)
    return ["".join(text.split()) for text in texts]


def grid(lists: Mapping[str, Any], separator: str) -> str:
    """`KEY in LIST` for every key."""
    return separator.join(
        f"{key} in {values if isinstance(values, str) else word(list(values))}"
        for key, values in lists.items()
    )


def tuning(tune: Union[bool, Mapping[str, Any]]) -> List[str]:
    """`tune`, or `tune(KEY in LIST, …)`."""
    if isinstance(tune, Mapping):
        return [f"tune({grid(tune, ', ')})"]
    return ["tune"] if tune else []


def method(text: str) -> str:
    """A method, in quotes where it has keys of its own."""
    return quoted(text) if " " in text.strip() else text.strip()


def first(objects: List[Dict[str, Any]], command: str) -> Optional[Dict[str, Any]]:
    """The last of `objects` that `command` reported."""
    found = [one for one in objects if one.get("command") == command]
    return found[-1] if found else None
