"""Files and folders replaced in one step: whoever looks finds all that is old or all that is new.

A file is renamed onto the old one. No system renames a folder onto one that holds files, so the
old one is moved aside first. What stands beside each other tells how far a save that was killed had
come:

    target                     nothing was saved yet, or all is done
    target, .target.saving     the new files are being written
    .target.saving, .replaced  all is written and on disk, the old folder was moved aside
    target, .target.replaced   the new folder stands in its place, the old one is being deleted

Only in the third does the target miss; `finish_replacing` then puts the new folder in its place.
In the others the target is whole, and the next save deletes what lies beside it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from koprep.filelock import file_lock


@contextmanager
def replacing_file(target: Path) -> Iterator[Path]:
    """Give a path to write a file to; at the end of the block it takes the target's place.

    An error in the block, or a disk that refuses, leaves the target as it was and nothing beside
    it. A link is followed, so that it still leads there after.
    """
    if not (target := Path(os.path.realpath(target))).parent.is_dir():
        raise FileNotFoundError(f"{target}: there is no folder {target.parent}; make it first")
    part = target.with_name(f".koprep-{secrets.token_hex(4)}.part")
    try:
        yield part
        _sync(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def naming_unfinished(path: Path) -> Iterator[None]:
    """Name a file that NumPy could not write whole: it says how many numbers it wrote, no more."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise
        raise OSError(f"{path} could not be written whole ({error}): is the disk full?") from error


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill; at the end of the block it takes the target's place.

    An error in the block, or a disk that refuses, leaves the target as it was. Processes that
    replace one target do so one after the other. The file system must be able to lock files.
    """
    places = _Places(target)
    places.target.parent.mkdir(parents=True, exist_ok=True)
    with file_lock(places.lock):
        places.finish()
        # Before anything is written: unfinished beside an old one it would look like a whole one.
        _delete(places.replaced)
        _delete(places.saving)
        try:
            places.saving.mkdir()
            yield places.saving
            for file in places.saving.iterdir():
                _sync(file)
            sync_folder(places.saving)
            if places.target.exists():
                places.target.replace(places.replaced)
            places.saving.replace(places.target)
            sync_folder(places.target.parent)
        except BaseException:
            if not places.target.exists() and places.replaced.exists():
                places.replaced.replace(places.target)
            shutil.rmtree(places.saving, ignore_errors=True)
            raise
        shutil.rmtree(places.replaced, ignore_errors=True)  # the next save tries again


def finish_replacing(target: Path) -> bool:
    """Finish a save that was killed after it moved the old folder aside; True if there was one.

    A save that is still running is waited for.
    """
    places = _Places(target)
    if not places.are_stopped():
        return False
    with file_lock(places.lock):
        places.finish()
    return True


class _Places:
    """The paths of one replacement; a link is followed, so that it still leads there after."""

    def __init__(self, target: Path) -> None:
        self.target = Path(os.path.realpath(target))
        self.saving, self.replaced, self.lock = (
            self.target.with_name(f".{self.target.name}.{suffix}")
            for suffix in ("saving", "replaced", "lock")
        )

    def are_stopped(self) -> bool:
        return not self.target.exists() and self.saving.is_dir() and self.replaced.is_dir()

    def finish(self) -> None:
        if self.are_stopped():
            self.saving.replace(self.target)
            sync_folder(self.target.parent)
            shutil.rmtree(self.replaced, ignore_errors=True)


def _delete(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Put the folder's list of names on disk; Windows does so by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
