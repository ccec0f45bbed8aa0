"""`Shipped`: what the driver holds, opened once in each Python worker."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any, Generic, TypeVar

from pyspark import TaskContext

from koprep.cleaning.versions import cleaner_versions
from koprep.cores import use_cores
from koprep.tokenizers import Tokenizer

T = TypeVar("T")

KEPT = 4
"""Opened things that a worker keeps: it serves one job after the other."""

_opened: dict[str, Any] = {}


class OtherVersions(Exception):
    """A worker has other versions than the driver, and its ids might be others."""


class Shipped(Generic[T]):
    """A value on its way to the workers, with the versions it must meet there.

    Spark pickles it with the work and broadcasts what is large. A worker unpickles it once,
    however many tasks it is given, and opens the engine at first use, with the task's cores.

    Args:
        value: anything that pickles.
        tokenizer: the one that `value` cuts by.

    Raises:
        OtherVersions: in the worker, koprep or the engine is of another version there.
    """

    def __init__(self, value: T, tokenizer: Tokenizer) -> None:
        self._content = pickle.dumps(value)
        self._digest = hashlib.sha256(self._content).hexdigest()
        self._tokenizer = tokenizer
        self._versions = self._installed()

    def open(self) -> T:
        """Return the value, in a worker."""
        if self._digest not in _opened:
            context = TaskContext.get()
            use_cores(context.cpus() if context is not None else 1)
            if (found := self._installed()) != self._versions:
                raise OtherVersions(
                    f"a worker has {_listed(found)} and the driver {_listed(self._versions)}: "
                    "install the same versions on both"
                )
            while len(_opened) >= KEPT:
                del _opened[next(iter(_opened))]
            _opened[self._digest] = pickle.loads(self._content)
        value: T = _opened[self._digest]
        return value

    def _installed(self) -> dict[str, str]:
        return {**cleaner_versions(), **self._tokenizer.engine_versions()}


def _listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
