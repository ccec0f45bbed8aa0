"""How many processor cores this process may use."""

from __future__ import annotations

import os
from pathlib import Path

CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux tells how much a container may compute: microseconds, or "max", and of how many."""

_most: int | None = None


def available_cores() -> int:
    """Return the cores this process may run on: its CPU affinity and its container's quota.

    A quota of part of a core counts as the whole of it.

    >>> available_cores() >= 1
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    limits = (cores or 1, _quota(), _most)
    return min(limit for limit in limits if limit is not None)


def _quota() -> int | None:
    """Return the cores of the container's quota; None where there is none."""
    try:
        quota, period = CPU_QUOTA.read_text().split()
        return None if quota == "max" else -(-int(quota) // int(period))
    except (OSError, ValueError):
        return None


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
