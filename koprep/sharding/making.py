"""One shard: rows through the engine, into a file that appears when it is whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from koprep.records.base import json_line
from koprep.records.files import BAD_ROWS
from koprep.replacing import sync_folder
from koprep.sharding.encoding import Engine
from koprep.sharding.manifest import Shard, ShardFormat
from koprep.sharding.rows import BadRecord, Rows
from koprep.sharding.writers import WRITERS

UNFINISHED = ".part-"
"""What the names of files begin with while they are written."""


def shard_name(number: int, files: str) -> str:
    """Return a shard's file name.

    >>> shard_name(3, "parquet")
    'part-00003.parquet'
    """
    return f"part-{number:05}.{files}"


def bad_name(number: int) -> str:
    """Return the name of the side file of a shard's bad rows.

    >>> bad_name(3)
    'part-00003.bad.jsonl'
    """
    return f"part-{number:05}{BAD_ROWS}"


class ShardMaker:
    """Makes shards in a folder.

    Args:
        engine: makes columns of texts.
        files: the format.
        folder: where they go.
    """

    def __init__(self, engine: Engine, files: ShardFormat, folder: Path) -> None:
        self._engine = engine
        self._files = files
        self._folder = folder

    def make(self, rows: Rows) -> Shard:
        """Write a shard and its bad rows; they are on disk when this returns.

        Raises:
            OSError: the disk refuses; nothing stands in the shard's place then.
        """
        name = shard_name(rows.number, self._files)
        path = self._unfinished(name)
        try:
            WRITERS[self._files](path, rows, self._engine(rows.texts))
            self._write_bad(bad_name(rows.number), rows.bad)
            with path.open("r+b") as stream:
                os.fsync(stream.fileno())
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            path.replace(self._folder / name)
            sync_folder(self._folder)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise OSError(
                error.errno,
                f"{self._folder / name} could not be written: {error.strerror or error}",
            ) from error
        return Shard(file=name, rows=len(rows.texts), bad_rows=len(rows.bad), sha256=sha256)

    def _write_bad(self, name: str, bad: list[BadRecord]) -> None:
        if not bad:
            (self._folder / name).unlink(missing_ok=True)  # of other rows that came here before
            return
        path = self._unfinished(name)
        try:
            with path.open("wb") as stream:
                stream.writelines(json_line(row._asdict()) for row in bad)
                stream.flush()
                os.fsync(stream.fileno())
            path.replace(self._folder / name)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _unfinished(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}"
