"""`rewrite`: read rows, work on their texts in a stream, write the rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from koprep.records.base import BadRow, JsonWriter, Reader, Record, Value, json_line
from koprep.records.files import BAD_ROWS, check_target, open_input, open_output, output_format
from koprep.records.reading import open_reader

Progress = Callable[[int, int | None, int], None]
"""Called with the input's bytes worked off, its bytes in all where known, and rows written."""


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where rows come from and where they go.

    Attributes:
        source: the file to read; None is standard input.
        out: the file to write, appearing when it is complete; None is standard output.
        column: the column of texts; None for plain text, which has no columns.
        format: "txt", "csv", "tsv", "jsonl" or "parquet"; None goes by the name of `source`, and
            takes standard input for lines of text.
        encoding: of the text formats; None tells UTF-8 from CP949. Output is always UTF-8.
        bad_rows: the file for bad rows, which is there afterwards only if there were any; None
            is `out` with `.bad.jsonl` after it, and without `out` the first bad row is an error.
        json: write JSON lines, whatever the input's format.
    """

    source: Path | None = None
    out: Path | None = None
    column: str | None = None
    format: str | None = None
    encoding: str | None = None
    bad_rows: Path | None = None
    json: bool = False

    @property
    def side_file(self) -> Path | None:
        """Where bad rows go.

        >>> print(Files(out=Path("clean.csv")).side_file)
        clean.csv.bad.jsonl
        """
        if self.bad_rows is None and self.out is not None:
            return self.out.with_name(f"{self.out.name}{BAD_ROWS}")
        return self.bad_rows


@dataclass(frozen=True, kw_only=True)
class Report:
    """What `rewrite` did."""

    written: int
    """Rows in the output."""

    bad: int
    """Rows in the side file."""

    first_bad: BadRow | None
    """The first of these."""

    bad_rows: Path | None
    """The side file."""


def rewrite(
    files: Files,
    work: Callable[[Iterator[str]], Iterable[Value]],
    *,
    adds: str | None = None,
    progress: Progress | None = None,
) -> Report:
    r"""Write each row of a file with what `work` makes of its text, in order.

    Args:
        files: the files.
        work: takes the texts and gives one value for each, lazily; it may read ahead.
        adds: the column for the values; None puts them in the place of the texts.
        progress: is told how far the work is, once a row.

    Raises:
        FileNotFoundError: the input or the output's folder is missing.
        ModuleNotFoundError: a Parquet file, and pyarrow is not installed.
        ValueError: a column, format or encoding is wrong or can't be told, a file would be
            written over the input, or a row is bad and `files` has no place for it.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("id,text\n1,좋아요\n2\n", encoding="utf-8")
    >>> files = Files(source=folder / "a.csv", out=folder / "b.csv", column="text")
    >>> rewrite(files, lambda texts: map(list, texts), adds="tokens").first_bad
    BadRow(line=3, reason='columns due: 2 (id, text), columns found: 1', row='2')
    >>> print((folder / "b.csv").read_text(encoding="utf-8"))
    id,text,tokens
    1,좋아요,좋 아 요
    <BLANKLINE>
    """
    with ExitStack() as stack:
        source = stack.enter_context(open_input(files.source, files.format))
        written_format = output_format(files.out, files.json, source.format)
        side = files.side_file
        targets = [check_target(path, source) for path in (files.out, side) if path is not None]
        if len(set(targets)) < len(targets):
            raise ValueError(f"{side} cannot take both the output and the bad rows")
        reader = open_reader(source, column=files.column, encoding=files.encoding, adds=adds)
        stream = stack.enter_context(open_output(files.out))
        column = adds or reader.text_column
        if written_format == source.format:
            writer = reader.writer(stream, column)
        else:
            writer = JsonWriter(stream, column)
        stack.callback(writer.close)
        bad = stack.enter_context(_BadRows(side))
        written = 0
        waiting: deque[Record] = deque()
        for value in work(_texts(reader, waiting, bad)):
            writer.write(waiting.popleft(), value)
            written += 1
            if progress is not None:
                progress(reader.position, source.size, written)
        if bad.first is not None and side is None:
            line, reason, _ = bad.first
            raise ValueError(
                f"{source.name} line {line}: {reason}; "
                "with --bad-rows FILE such rows go to that file"
            )
    return Report(written=written, bad=bad.count, first_bad=bad.first, bad_rows=side)


def _texts(reader: Reader, waiting: deque[Record], bad: _BadRows) -> Iterator[str]:
    """Yield texts to work on; their records wait for what becomes of them."""
    for item in reader:
        if not isinstance(item, BadRow):
            waiting.append(item)
            yield item.text
        elif not bad.add(item):
            return


class _BadRows:
    """The side file, which comes into being with the first bad row."""

    def __init__(self, path: Path | None) -> None:
        self.count = 0
        self.first: BadRow | None = None
        self._path = path
        self._stack = ExitStack()
        self._stream: BinaryIO | None = None

    def add(self, row: BadRow) -> bool:
        """Write a row; False if there is no place for it."""
        self.first = self.first or row
        if self._path is None:
            return False
        if self._stream is None:
            self._stream = self._stack.enter_context(open_output(self._path))
        self._stream.write(json_line(row._asdict()))
        self.count += 1
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(error_type, error, traceback)
        if error is None and self._path is not None and self._stream is None:
            self._path.resolve().unlink(missing_ok=True)  # of an earlier run
