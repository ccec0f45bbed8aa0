"""`write_shards`: rows in a stream to a folder of shards, by a process for each core."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from koprep._version import __version__
from koprep.bundle import foreign_names
from koprep.filelock import file_lock
from koprep.manifest import MANIFEST
from koprep.records.rewrite import Progress
from koprep.replacing import sync_folder
from koprep.sharding.distributing import ProgressTracker, make_shards
from koprep.sharding.encoding import Work
from koprep.sharding.inputs import Inputs
from koprep.sharding.journal import JOURNAL, Journal, check_same
from koprep.sharding.making import UNFINISHED, bad_name
from koprep.sharding.manifest import ShardFormat, ShardManifest
from koprep.sharding.rows import BadRecord, Cutter, Rows
from koprep.sharding.writers import writer_version
from koprep.texts import listed

ROWS_PER_SHARD = 10_000
"""Some seconds of work: little is lost when a process is killed, and cores end together."""

LOCK = ".lock"

_OURS = re.compile(r"part-\d{5,}\.(parquet|npz|tfrecord|bad\.jsonl)")


@dataclass(frozen=True, kw_only=True)
class ShardTask:
    """What `write_shards` does.

    Attributes:
        inputs: the rows.
        work: what is made of their texts.
        out: the folder to write; it is made where it is missing.
        files: "parquet" keeps the input's columns beside the new ones; "npz" and "tfrecord" hold
            the new ones alone.
        rows_per_shard: rows that become one file.
        workers: processes at most; each holds the analyzer in memory. None is one for each core.

    Raises:
        ModuleNotFoundError: what writes the format is not installed.
        ValueError: a number below 1, or predictions in a format that has no names.
    """

    inputs: Inputs
    work: Work
    out: Path
    files: ShardFormat = "parquet"
    rows_per_shard: int = ROWS_PER_SHARD
    workers: int | None = None

    def __post_init__(self) -> None:
        writer_version(self.files)
        if self.work.name == "predict" and self.files != "parquet":
            raise ValueError(f"predictions are written as parquet, not as {self.files}")
        if self.rows_per_shard < 1:
            raise ValueError(f"a shard needs at least 1 row, got {self.rows_per_shard}")
        if self.workers is not None and self.workers < 1:
            raise ValueError(f"at least 1 worker is needed, got {self.workers}")

    def manifest(self) -> ShardManifest:
        """Return the manifest to be, without shards."""
        return ShardManifest(
            koprep_version=__version__,
            work=self.work.name,
            files=self.files,
            settings={
                **self.work.settings,
                **self.inputs.settings(),
                "rows_per_shard": self.rows_per_shard,
                "writer": dict(writer_version(self.files)),
            },
            shards=(),
        )


@dataclass(frozen=True, kw_only=True)
class ShardReport:
    """What `write_shards` did."""

    manifest: ShardManifest
    bad_files: tuple[Path, ...]
    """The side files of bad rows that are there."""
    was_done: bool
    """All was written before."""

    def first_bad(self) -> BadRecord | None:
        """Return the first bad row, None if there is none."""
        for path in self.bad_files:
            with path.open(encoding="utf-8") as lines:
                return BadRecord(**json.loads(next(lines)))
        return None


def write_shards(task: ShardTask, *, progress: Progress | None = None) -> ShardReport:
    """Write rows to a folder of shards, and the manifest last.

    Stopped at any moment, the same task goes on where it stopped, and the folder ends with the
    same bytes. Until all is done, finished shards are not made again, but their rows are read again
    and compared; afterwards settings and names of files are compared.

    Its processes import the script that calls it: there it belongs below
    ``if __name__ == '__main__':``.

    Args:
        task: what to do.
        progress: is told how far the work is, shard by shard.

    Raises:
        FileExistsError: the folder holds something else.
        BlockingIOError: another process writes into it.
        ModuleNotFoundError: a package is not installed.
        OSError: an input cannot be read or a shard cannot be written; what is finished stays.
        ChildProcessError: a process ended by itself, for lack of memory perhaps.
        ValueError: an input or the bundle is not as it should be, the folder was begun with
            other settings or other rows, or a finished shard is missing.
    """
    asked = task.manifest()
    check_folder(task.out)
    cutter = Cutter(
        inputs=task.inputs,
        rows_per_shard=task.rows_per_shard,
        adds=task.work.adds,
        keeps_columns=task.files == "parquet",
    )
    shards = iter(cutter)
    first: list[Rows] = []
    if not (task.out / MANIFEST).exists():
        first += islice(shards, 1)  # a mistake in the first file leaves no folder behind
        task.out.mkdir(parents=True, exist_ok=True)
    with _alone_in(task.out):
        _delete_unfinished(task.out)
        done = _finished(task.out, asked)
        manifest = done or _make_all(task, asked, chain(first, shards), progress)
        (task.out / JOURNAL).unlink(missing_ok=True)
    return ShardReport(
        manifest=manifest,
        bad_files=tuple(
            path
            for number, shard in enumerate(manifest.shards)
            if shard.bad_rows and (path := task.out / bad_name(number)).exists()
        ),
        was_done=done is not None,
    )


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something else than shards.

    Raises:
        FileExistsError: it is a file, holds other files, or shards that nothing is known of.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; give a folder to write to")
    names = {entry.name for entry in folder.iterdir()}
    shards = {name for name in names if _OURS.fullmatch(name)}
    ours = {MANIFEST, JOURNAL, LOCK, *shards}
    foreign = [name for name in foreign_names(names, ours) if not name.startswith(UNFINISHED)]
    if not foreign and shards and not names & {MANIFEST, JOURNAL}:
        foreign = sorted(shards)
    if foreign:
        raise FileExistsError(f"{folder} holds other files: {listed(foreign)}; give another folder")


def _make_all(
    task: ShardTask,
    asked: ShardManifest,
    shards: Iterable[Rows],
    progress: Progress | None,
) -> ShardManifest:
    """Make the shards that are not made yet, then the manifest."""
    journal = Journal(task.out, asked)
    try:
        tracker = ProgressTracker(task.inputs.total_bytes, progress)
        make_shards(task.work, task.files, task.out, shards, journal, tracker, task.workers)
        entries = [journal.entries[number] for number in sorted(journal.entries)]
        manifest = asked.model_copy(update={"shards": tuple(entry.shard for entry in entries)})
        _write_manifest(task.out, manifest)
    finally:
        journal.close()
        _delete_unfinished(task.out)
    return manifest


def _finished(folder: Path, asked: ShardManifest) -> ShardManifest | None:
    """Return the manifest of shards that are all written, None where there is none yet."""
    if not (folder / MANIFEST).exists():
        return None
    manifest = ShardManifest.read(folder)
    check_same(folder, manifest, asked)
    if missing := [shard.file for shard in manifest.shards if not (folder / shard.file).is_file()]:
        raise ValueError(
            f"{folder} misses {listed(missing)}, which its {MANIFEST} lists: put them back, or "
            "delete the folder to have all made again"
        )
    return manifest


def _write_manifest(folder: Path, manifest: ShardManifest) -> None:
    path = folder / f"{UNFINISHED}manifest"
    with path.open("wb") as stream:
        stream.write(manifest.to_bytes())
        stream.flush()
        os.fsync(stream.fileno())
    path.replace(folder / MANIFEST)
    sync_folder(folder)


def _delete_unfinished(folder: Path) -> None:
    for path in folder.glob(f"{UNFINISHED}*"):
        path.unlink(missing_ok=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(folder / LOCK, wait=False))
        except BlockingIOError:
            raise BlockingIOError(
                f"another process writes into {folder}: wait for its end, or give another folder"
            ) from None
        yield
