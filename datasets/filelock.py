"""A lock between processes, held on a file; the system lets go of it when a process dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT = 0.05
"""Seconds between two tries to get a lock."""


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Wait until no other process or thread holds the lock at `path`, and hold it in the block.

    The file stays, for deleting it would let two in.
    """
    with path.open("ab") as stream:
        while not _try_lock(stream.fileno()):
            time.sleep(WAIT)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
