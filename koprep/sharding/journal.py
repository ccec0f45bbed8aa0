"""Which shards are written: one line each, put on disk before the next step."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from koprep.replacing import sync_folder
from koprep.sharding.manifest import Shard, ShardManifest

JOURNAL = "journal.jsonl"


class Entry(BaseModel):
    """A shard that is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[int, Field(ge=0)]
    digest: str
    """Of the rows it was made of; see `Rows`."""
    shard: Shard


class Journal:
    """The file that says how far the work has come; it goes when all is done.

    Its first line is the manifest without shards: what was asked. A last line that was not
    written to its end, because the process or the machine stopped, is left out.

    Args:
        folder: of the shards.
        asked: the manifest to be, without shards.

    Raises:
        ValueError: the folder's shards were begun with other settings, or the file is damaged.
    """

    def __init__(self, folder: Path, asked: ShardManifest) -> None:
        self.entries: dict[int, Entry] = {}
        """By number, those whose files are as they were written."""
        self._path = folder / JOURNAL
        lines = self._lines()
        entries = [self._entry(number, line) for number, line in enumerate(lines[1:], 2)]
        if lines:
            begun = self._begun(lines[0])
            if entries:
                check_same(folder, begun, asked)
            elif begun != asked:
                lines = []
        self._stream = self._path.open("r+b" if lines else "wb")
        self._stream.truncate(sum(map(len, lines)))
        self._stream.seek(0, os.SEEK_END)
        if not lines:
            self._append(asked)
            sync_folder(folder)
        for entry in entries:
            self.entries.pop(entry.number, None)
            if _is_whole(folder, entry.shard):
                self.entries[entry.number] = entry

    def add(self, entry: Entry) -> None:
        """Note a shard that is on disk."""
        self._append(entry)
        self.entries[entry.number] = entry

    def close(self) -> None:
        """Close the file, which stays."""
        self._stream.close()

    def _append(self, line: BaseModel) -> None:
        self._stream.write(f"{line.model_dump_json()}\n".encode())
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def _lines(self) -> list[bytes]:
        """Return the lines that were written to their end."""
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().splitlines(keepends=True)
        return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]

    def _begun(self, line: bytes) -> ShardManifest:
        try:
            return ShardManifest.model_validate_json(line)
        except ValidationError:
            raise self._damaged(1) from None

    def _entry(self, number: int, line: bytes) -> Entry:
        try:
            return Entry.model_validate_json(line)
        except ValidationError:
            raise self._damaged(number) from None

    def _damaged(self, line: int) -> ValueError:
        folder = self._path.parent
        return ValueError(
            f"{self._path} line {line} is damaged: delete {folder}, or give another folder"
        )


def check_same(folder: Path, begun: ShardManifest, asked: ShardManifest) -> None:
    """Refuse to go on with other settings than those the shards were begun with.

    Raises:
        ValueError: it names what differs.
    """
    then, now = (
        {"koprep_version": one.koprep_version, "work": one.work, "files": one.files, **one.settings}
        for one in (begun, asked)
    )
    differing = [
        f"{name} was {then.get(name)!r}, now {now.get(name)!r}"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    if differing:
        raise ValueError(
            f"{folder} was begun with other settings: {'; '.join(differing)}. Give the same as "
            "then, or another folder"
        )


def _is_whole(folder: Path, shard: Shard) -> bool:
    path = folder / shard.file
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == shard.sha256
