"""Processes that turn rows into shards, each with an engine of its own on one core."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from koprep.cores import use_cores
from koprep.saved import DriftWarning
from koprep.sharding.encoding import Work
from koprep.sharding.making import ShardMaker
from koprep.sharding.manifest import Shard, ShardFormat
from koprep.sharding.rows import Rows


@dataclass(frozen=True)
class Opened:
    """A worker is ready; what its engine warned of."""

    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A shard is on disk."""

    rows: Rows
    shard: Shard


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    rows: Rows | None = None
    """What it works on."""
    opened: bool = False
    """Whether its engine is open."""


class Workers:
    """Processes that make shards; leaving the block ends them at once.

    They are started afresh, not forked: engines have threads. A worker ends by itself when the
    process that started it does.

    Args:
        most: processes at most.
        work: what they do.
        files: the format they write.
        folder: where they write.
    """

    def __init__(self, most: int, work: Work, files: ShardFormat, folder: Path) -> None:
        self._most = most
        self._arguments = (work, files, folder)
        self._workers: list[_Worker] = []
        self._idle: list[_Worker] = []

    @property
    def starting(self) -> int:
        """Processes whose engine is not open yet."""
        return sum(not worker.opened for worker in self._workers)

    @property
    def idle(self) -> bool:
        """Whether a process waits for rows."""
        return bool(self._idle)

    @property
    def busy(self) -> bool:
        """Whether a process works on rows."""
        return any(worker.rows is not None for worker in self._workers)

    def grow(self) -> None:
        """Start one more process, unless there are enough."""
        if len(self._workers) == self._most:
            return
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, *self._arguments), daemon=True)
        process.start()
        there.close()
        self._workers.append(_Worker(process, here))

    def give(self, rows: Rows) -> None:
        """Hand rows to a process that is idle.

        Raises:
            ChildProcessError: it ended by itself.
        """
        worker = self._idle.pop()
        try:
            worker.connection.send(rows)
        except OSError:
            raise ChildProcessError(self._ended(worker)) from None
        worker.rows = rows

    def wait(self) -> Iterator[Opened | Made]:
        """Wait until a process tells something, and yield what was told.

        Raises:
            ChildProcessError: a process ended by itself.
            OSError: a shard cannot be written.
            ValueError: a shard cannot be made; the message tells its rows.
            Exception: whatever else opening the engine or making a shard raised.
        """
        ends = {worker: (worker.connection, worker.process.sentinel) for worker in self._workers}
        ready = wait(list(chain.from_iterable(ends.values())))
        for worker in [worker for worker in self._workers if not {*ends[worker]}.isdisjoint(ready)]:
            try:
                if not worker.connection.poll():
                    raise EOFError  # it ended, and left nothing to read
                told: tuple[str, ...] | Shard | Exception = worker.connection.recv()
            except (EOFError, OSError):
                raise ChildProcessError(self._ended(worker)) from None
            rows, worker.rows = worker.rows, None
            if isinstance(told, Exception):
                self._forget(worker)
                raise _placed(told, rows)
            self._idle.append(worker)
            if isinstance(told, Shard):
                assert rows is not None
                yield Made(rows, told)
            else:
                worker.opened = True
                yield Opened(told)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _forget(self, worker: _Worker) -> None:
        worker.process.terminate()
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        if worker in self._idle:
            self._idle.remove(worker)

    def _ended(self, worker: _Worker) -> str:
        rows = worker.rows
        self._forget(worker)
        code = worker.process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        if rows is not None:
            doing = f"at the rows {rows.first} to {rows.last}"
        else:
            doing = "while it waited for rows" if worker.opened else "while it opened"
        hint = ""
        if code == -9:
            hint = "; was there too little memory? Fewer --workers need less"
        elif code == 1 and not worker.opened:
            hint = "; if a script started it, put the call there below if __name__ == '__main__':"
        return f"a worker process ended {how} {doing}{hint}"


def _serve(connection: Connection, work: Work, files: ShardFormat, folder: Path) -> None:
    """Make shards of the rows that come, until there is nobody to send any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that started this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    use_cores(1)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", DriftWarning)
            maker = ShardMaker(work.open(), files, folder)
        told = [str(one.message) for one in caught if issubclass(one.category, DriftWarning)]
        gc.collect()
        gc.freeze()  # what is open stays: to look through it again and again costs percents
        connection.send(tuple(told))
        while True:
            try:
                rows: Rows = connection.recv()
            except EOFError:
                return
            connection.send(maker.make(rows))
    except Exception as error:  # noqa: BLE001  # it is raised where the rows came from
        connection.send(_sendable(error))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _placed(error: Exception, rows: Rows | None) -> Exception:
    """Return what an engine says of texts with the rows they stand in; any other error as it is."""
    if rows is None or not isinstance(error, (MemoryError, RuntimeError, ValueError)):
        return error
    told = str(error) or type(error).__name__
    placed = ValueError(f"the rows {rows.first} to {rows.last}: {told}")
    placed.__cause__ = error
    return placed


def _sendable(error: Exception) -> Exception:
    """Return an error that survives the way to another process, with where it was raised."""
    try:
        found: Exception = pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001  # errors with arguments of their own
        found = (ValueError if isinstance(error, ValueError) else RuntimeError)(str(error))
    found.add_note(traceback.format_exc())
    return found
