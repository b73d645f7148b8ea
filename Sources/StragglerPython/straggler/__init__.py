# SPDX-License-Identifier: Apache-2.0
"""Parallel stochastic optimization with slow, random and unreliable workers.

    import straggler

    s = straggler.Session(problem="quadratic dim=100", workers="50 tau=sqrt(i) delay=lognormal(0,2)")
    df = s.compare("rennala batch=16", "ringmaster R=8", until="gap<1e-3", tune=True, seeds=5)
    s.plot(y="gap", logy=True)

`Session` runs the command language; `Session.problem` adds an objective in NumPy. Everything else that a
command takes is a keyword, or a text as in a script: `Session.execute`. `Server` is a method behind which real
workers train, and `straggler.torch` makes the parameters of a module its model.
"""

from ._errors import (
    CommandError,
    ExpectationError,
    InvalidArgument,
    StragglerError,
    StragglerWarning,
)
from ._library import version as _version
from ._problem import Draws
from ._records import Records
from ._server import Order, Server
from ._session import Figure, Session

__version__: str = _version()
__all__ = [
    "CommandError",
    "Draws",
    "ExpectationError",
    "Figure",
    "InvalidArgument",
    "Order",
    "Records",
    "Server",
    "Session",
    "StragglerError",
    "StragglerWarning",
]
