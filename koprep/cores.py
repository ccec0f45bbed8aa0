"""How many processor cores this process may use."""

from __future__ import annotations

import os

_most: int | None = None


def available_cores() -> int:
    """Return the cores this process may run on: its CPU affinity where the system tells.

    >>> available_cores() >= 1
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, _most or cores or 1)


def use_cores(most: int) -> None:
    """Let this process use so many cores at most: it is one of several that share a machine.

    Engines that are open already keep their threads.

    Raises:
        ValueError: fewer than one.
    """
    if most < 1:
        raise ValueError(f"a process needs at least 1 core, got {most}")
    global _most
    _most = most
