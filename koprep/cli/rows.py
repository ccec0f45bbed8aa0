"""What the commands over files of rows share: the progress bar and the closing words."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from koprep.cli.inputs import check_piped

if TYPE_CHECKING:
    from koprep.records import Files, Report
    from koprep.records import Progress as Tell
    from koprep.records.base import Value
    from koprep.sharding import Inputs, ShardReport, Work

SECONDS_BETWEEN_UPDATES = 0.1


def rewrite_rows(
    files: Files,
    work: Callable[[Iterator[str]], Iterable[Value]],
    *,
    verb: str,
    adds: str | None = None,
) -> None:
    """Run `rewrite` with a progress bar, say what was written, exit with 1 if rows were bad."""
    from koprep.records import rewrite

    check_piped(files.source)
    console = Console(stderr=True, emoji=False)
    shown = files.out is not None or not sys.stdout.isatty()
    with _tidied_up(), progress_bar(console, verb, shown=shown) as tell:
        report = rewrite(files, work, adds=adds, progress=tell)
    for sentence in _sentences(report, files.out):
        console.print(sentence, soft_wrap=True, highlight=False, markup=False)
    if report.bad:
        raise typer.Exit(1)


def run_shards(
    inputs: Inputs,
    work: Work,
    out: Path,
    *,
    files: str = "parquet",
    rows_per_shard: int | None,
    workers: int | None,
    verb: str,
) -> None:
    """Do what `rewrite_rows` does for `write_shards`."""
    from koprep.sharding import ROWS_PER_SHARD, ShardTask, to_shard_format, write_shards

    for file in inputs.files:
        check_piped(file)
    task = ShardTask(
        inputs=inputs,
        work=work,
        out=out,
        files=to_shard_format(files),
        rows_per_shard=ROWS_PER_SHARD if rows_per_shard is None else rows_per_shard,
        workers=workers,
    )
    console = Console(stderr=True, emoji=False)
    with _tidied_up(), progress_bar(console, verb, shown=True) as tell:
        report = write_shards(task, progress=tell)
    for sentence in _shard_sentences(report, task.out):
        console.print(sentence, soft_wrap=True, highlight=False, markup=False)
    if report.manifest.bad_rows:
        raise typer.Exit(1)


def source_path(source: Path | None) -> Path | None:
    """Return None for `-`, which stands for standard input."""
    return None if source == Path("-") else source


@contextmanager
def _tidied_up() -> Iterator[None]:
    """Let SIGTERM, by which systems end what takes too long, leave nothing half-written."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def progress_bar(console: Console, verb: str, *, shown: bool) -> Iterator[Tell | None]:
    """Show a bar while the block runs, if standard error is a terminal and has room for it."""
    if not (shown and console.is_terminal):
        yield None
        return
    from rich.progress import (  # slow to import
        BarColumn,
        DownloadColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(verb, total=None, rows=0)
        due = 0.0

        def tell(position: int, size: int | None, rows: int) -> None:
            nonlocal due
            if (now := time.monotonic()) >= due:
                due = now + SECONDS_BETWEEN_UPDATES
                progress.update(task, completed=position, total=size, rows=rows)

        yield tell


def _sentences(report: Report, out: Path | None) -> Iterator[str]:
    yield f"{_rows(report.written)} written to {out or 'standard output'}"
    if report.first_bad is not None:
        line, reason, _ = report.first_bad
        yield f"{_rows(report.bad, 'bad ')} written to {report.bad_rows}"
        yield f"the first: line {line}: {reason}"


def _shard_sentences(report: ShardReport, out: Path) -> Iterator[str]:
    manifest = report.manifest
    files = f"{len(manifest.shards):,} file{'' if len(manifest.shards) == 1 else 's'}"
    if report.was_done:
        yield f"all is done already: {_rows(manifest.rows)} in {files} in {out}"
    else:
        yield f"{_rows(manifest.rows)} written to {files} in {out}"
    first = report.first_bad()
    if first is not None:
        where = report.bad_files[0] if len(report.bad_files) == 1 else out / "part-*.bad.jsonl"
        yield f"{_rows(manifest.bad_rows, 'bad ')} written to {where}"
        yield f"the first: {first.file} line {first.line}: {first.reason}"


def _rows(count: int, kind: str = "") -> str:
    return f"{count:,} {kind}row{'' if count == 1 else 's'}"
