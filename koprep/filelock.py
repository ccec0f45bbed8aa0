"""A lock between processes, held on a file; the system lets go of it when a process dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

WAIT = 0.05
"""Seconds between two tries to get a lock."""


@contextmanager
def file_lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Wait until no other process or thread holds the lock at `path`, and hold it in the block.

    The file is deleted at the end of the block. Whoever waited on the deleted file notices, and
    waits on the one that stands there now.

    Raises:
        BlockingIOError: without `wait`, somebody else holds it.
    """
    stream = _locked(path, wait)
    try:
        yield
    finally:
        if sys.platform != "win32":
            path.unlink(missing_ok=True)
        stream.close()
        if sys.platform == "win32":  # which deletes no open file: it stays for those who wait
            with contextlib.suppress(OSError):
                path.unlink()


def _locked(path: Path, wait: bool) -> BinaryIO:
    while True:
        stream = path.open("ab")
        try:
            while not _try_lock(stream.fileno()):
                if not wait:
                    raise BlockingIOError(f"{path} is held by another process")
                time.sleep(WAIT)
            if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        except FileNotFoundError:
            pass  # the one before deleted it
        except BaseException:
            stream.close()
            raise
        stream.close()


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
