# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as exceptions with the library's sentence."""

from __future__ import annotations

from typing import Optional


class StragglerError(Exception):
    """Something could not be done; the text says what, where, and what would be right."""


class InvalidArgument(StragglerError, ValueError):
    """An argument is wrong; nothing was done."""


class CommandError(StragglerError):
    """A command failed.

    `message` is what is wrong, `remedy` what would be right, or None, and `line` and `column` where it is in
    `text`, the commands, both from 1.
    """

    def __init__(
        self,
        message: str,
        remedy: Optional[str] = None,
        line: int = 0,
        column: int = 0,
        text: str = "",
    ) -> None:
        super().__init__(message, remedy, line, column, text)
        self.message, self.remedy = message, remedy
        self.line, self.column, self.text = line, column, text

    def __str__(self) -> str:
        lines = [self.message]
        source = self.text.split("\n")
        if 0 < self.line <= len(source):
            lines += ["    " + source[self.line - 1], "    " + " " * (self.column - 1) + "^"]
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)


class ExpectationError(CommandError, AssertionError):
    """An `expect` did not hold."""


class StragglerWarning(UserWarning):
    """Something worth knowing about what was done."""
