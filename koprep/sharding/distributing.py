"""Shards to workers and their results to the journal, a bounded number under way."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from koprep.cores import available_cores
from koprep.records.rewrite import Progress
from koprep.saved import DriftWarning
from koprep.sharding.encoding import Work
from koprep.sharding.journal import Entry, Journal
from koprep.sharding.manifest import ShardFormat
from koprep.sharding.rows import Rows
from koprep.sharding.workers import Made, Workers


class ChangedInput(ValueError):
    """The input is no longer the one that finished shards were made of."""


class ProgressTracker:
    """How far the work has come.

    Args:
        size: the input's bytes, where known.
        progress: is told.
    """

    def __init__(self, size: int | None, progress: Progress | None) -> None:
        self._size = size
        self._progress = progress
        self._position = self._rows = 0

    def add(self, rows: Rows) -> None:
        """Count rows that are done."""
        self._position += rows.span
        self._rows += len(rows)

    def tell(self) -> None:
        """Tell what was counted."""
        if self._progress is not None:
            self._progress(self._position, self._size, self._rows)


def make_shards(
    work: Work,
    files: ShardFormat,
    folder: Path,
    shards: Iterable[Rows],
    journal: Journal,
    tracker: ProgressTracker,
    most: int | None,
) -> None:
    """Have all shards made that the journal does not hold, and note them there.

    An error of the input comes when all that stands before it is made; after any other, what is
    under way is finished first.

    Args:
        work: what the workers do.
        files: the format they write.
        folder: where they write.
        shards: the rows of all shards, in order.
        journal: what is made already.
        tracker: counts what is done.
        most: workers at most; None is one for each core.

    Raises:
        ChangedInput: a shard is made already, of other rows.
        ChildProcessError: a process ended by itself.
        Exception: whatever reading, opening the engine or writing a shard raised.
    """
    with Workers(most or available_cores(), work, files, folder) as workers:
        distributor = _Distributor(workers, journal, tracker)
        due = iter(_due(shards, dict(journal.entries), folder, tracker))
        stopped: Exception | None = None
        try:
            while True:
                try:
                    rows = next(due, None)
                except Exception as error:  # noqa: BLE001  # raised when what stands before is made
                    stopped = error
                    break
                if rows is None:
                    break
                distributor.add(rows)
            distributor.finish()
        except Exception:
            distributor.finish_what_is_begun()
            raise
    if stopped is None:
        return
    if isinstance(stopped, ChangedInput) or not isinstance(stopped, ValueError | OSError):
        raise stopped
    raise ValueError(
        f"{stopped}. What stands before it is done: mend it, and the same command goes on"
    ) from stopped


def _due(
    shards: Iterable[Rows], made: dict[int, Entry], folder: Path, tracker: ProgressTracker
) -> Iterator[Rows]:
    """Yield the rows of shards that are not made yet, having compared those that are."""
    begun = False
    for rows in shards:
        entry = made.pop(rows.number, None)
        if entry is None:
            if not begun:  # how fast shards are made is measured from here
                tracker.tell()
                begun = True
            yield rows
        elif entry.digest != rows.digest:
            raise ChangedInput(
                f"{rows.first} to {rows.last}: these are not the rows that {entry.shard.file} was "
                f"made of. Put the input back as it was, or begin anew: delete {folder}, or give "
                "another folder"
            )
        else:
            tracker.add(rows)
    if made:
        raise ChangedInput(
            f"the input ends before the rows that {made[min(made)].shard.file} was made of. Put "
            f"it back as it was, or begin anew: delete {folder}, or give another folder"
        )


class _Distributor:
    """Hands rows out and takes in what became of them."""

    def __init__(self, workers: Workers, journal: Journal, tracker: ProgressTracker) -> None:
        self._workers = workers
        self._journal = journal
        self._tracker = tracker
        self._waiting: deque[Rows] = deque()
        self._warned: set[str] = set()

    def add(self, rows: Rows) -> None:
        """Take rows on; while all processes are at work, this waits.

        No more rows wait than processes are starting.
        """
        self._waiting.append(rows)
        self._workers.grow()
        self._hand_out()
        while len(self._waiting) > self._workers.starting:
            self._take_in()
            self._hand_out()

    def finish(self) -> None:
        """Wait until all rows are done."""
        while self._waiting or self._workers.busy:
            self._take_in()
            self._hand_out()

    def finish_what_is_begun(self) -> None:
        """Wait for the processes at work, after one of them failed."""
        while self._workers.busy:
            try:
                self._take_in()
            except Exception:  # noqa: BLE001  # the first error is the one that is told
                continue

    def _hand_out(self) -> None:
        while self._waiting and self._workers.idle:
            self._workers.give(self._waiting.popleft())

    def _take_in(self) -> None:
        for told in self._workers.wait():
            if isinstance(told, Made):
                rows = told.rows
                self._journal.add(Entry(number=rows.number, digest=rows.digest, shard=told.shard))
                self._tracker.add(rows)
                self._tracker.tell()
                continue
            for message in told.warnings:
                if message not in self._warned:
                    self._warned.add(message)
                    warnings.warn(message, DriftWarning, stacklevel=2)
