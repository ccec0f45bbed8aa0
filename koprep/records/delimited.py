"""Tables as text with a header line: CSV as Python's `csv` reads it, TSV without quoting.

In TSV tabs and line ends separate, and a quotation mark is a character like any other: reviews
hold single ones, and a reader that takes them for quoting swallows the rows between two.
"""

from __future__ import annotations

import csv
from abc import abstractmethod
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from koprep.records.base import (
    BadRow,
    LineReader,
    LineRecord,
    Record,
    Value,
    Writer,
    check_columns,
)
from koprep.records.files import Input
from koprep.textfile import Line, TextLines

FIELD_LIMIT = 1 << 24
"""Characters of one CSV cell, and of the lines of one row before its last; what a stray quotation
mark can swallow for a while."""


class _Row(NamedTuple):
    line: int
    raw: str
    cells: list[str]
    problem: str | None


class _TableReader(LineReader):
    """Reads rows of cells under a header."""

    def __init__(
        self, source: Input, encoding: str | None, column: str | None, adds: str | None
    ) -> None:
        super().__init__(source, encoding)
        self._rows = self._split(self.lines)
        header = next(self._rows, None)
        if header is None:
            raise ValueError(f"{source.name} is empty: its first line must name the columns")
        if header.problem:
            raise ValueError(f"{source.name} line {header.line}: {header.problem}")
        self._columns = header.cells
        self._column = check_columns(self._columns, column, adds, source.name)

    @property
    def text_column(self) -> str:
        return self._column

    @property
    def columns(self) -> Mapping[str, str]:
        return dict.fromkeys(self._columns, "string")

    @abstractmethod
    def _split(self, lines: TextLines) -> Iterator[_Row]:
        """Cut lines into cells, the header's among them; lines that hold no row are left out."""

    def __iter__(self) -> Iterator[Record | BadRow]:
        due = len(self._columns)
        for line, raw, cells, problem in self._rows:
            if problem is None and len(cells) != due:
                names = ", ".join(self._columns)
                problem = f"columns due: {due} ({names}), columns found: {len(cells)}"
            if problem is not None:
                yield BadRow(line, problem, raw)
            else:
                row = dict(zip(self._columns, cells, strict=True))
                yield LineRecord(line, row[self._column], row)

    def _columns_with(self, column: str) -> list[str]:
        return self._columns if column in self._columns else [*self._columns, column]


class CsvReader(_TableReader):
    """Reads comma-separated values; blank lines hold no row.

    After a row that is no CSV, reading goes on with the line after the one where it began: one
    stray quotation mark spoils one row, not all up to the next.
    """

    def _split(self, lines: TextLines) -> Iterator[_Row]:
        csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
        feed = _Feed(iter(lines))
        reader = csv.reader(feed, strict=True)
        while True:
            feed.begin()
            try:
                cells, problem = next(reader), None
            except StopIteration:
                return
            except csv.Error as error:
                cells, problem = [], _csv_problem(error)
                feed.give_back(error)
                reader = csv.reader(feed, strict=True)
            if len(feed.taken) == 1:  # most rows are one line
                raw, problem = feed.taken[0].text, feed.taken[0].problem or problem
            else:
                raw = "".join(line.text for line in feed.taken)
                problem = next((line.problem for line in feed.taken if line.problem), problem)
            if cells or problem:
                yield _Row(feed.taken[0].number, raw.rstrip("\r\n"), cells, problem)

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return _CsvWriter(stream, self._columns_with(column), column)


class TsvReader(_TableReader):
    """Reads tab-separated values; blank lines hold no row, unless there is only one column."""

    def _split(self, lines: TextLines) -> Iterator[_Row]:
        due = 0
        for line in lines:
            text = line.content
            if text or due == 1:
                cells = text.split("\t")
                due = due or len(cells)
                yield _Row(line.number, text, cells, line.problem)

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return _TsvWriter(stream, self._columns_with(column), column)


class _Feed(Iterator[str]):
    """Hands lines to a CSV reader and remembers those of the row being read.

    What comes to an end nowhere stood within quotation marks at the beginning of each line but its
    first. A row that begins on one of these lines and asks for another stands there just so, and
    ends as it did: it is not read again, or a file of such lines would take squared time.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self.taken: list[Line] = []
        self._lines = lines
        self._again: deque[Line] = deque()
        self._size = 0
        self._failure = csv.Error()

    def __next__(self) -> str:
        if self._size > FIELD_LIMIT:
            raise csv.Error("field larger than field limit")
        if self.taken and self._again:
            raise self._failure
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line.text)
        return line.text

    def begin(self) -> None:
        """Forget the row before."""
        self.taken.clear()
        self._size = 0

    def give_back(self, failure: csv.Error) -> None:
        """Hand all lines but the row's first out again."""
        self._failure = failure
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class _RowWriter(Writer):
    """Writes the header, then rows, with tokens joined by a space."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str], column: str) -> None:
        self._stream = stream
        self._column = column
        self._write_cells(columns)

    @abstractmethod
    def _write_cells(self, cells: Sequence[str]) -> None: ...

    def write(self, record: Record, value: Value) -> None:
        joined = value if isinstance(value, str) else " ".join(value)
        self._write_cells(list({**record.row, self._column: joined}.values()))


class _CsvWriter(_RowWriter):
    def _write_cells(self, cells: Sequence[str]) -> None:
        returns = any("\r" in cell for cell in cells)  # Python < 3.13 forgets to quote them
        csv.writer(
            _Utf8(self._stream),
            quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL,
            lineterminator="\n",
        ).writerow(cells)


class _TsvWriter(_RowWriter):
    def _write_cells(self, cells: Sequence[str]) -> None:
        self._stream.write(("\t".join(cells) + "\n").encode())


class _Utf8(NamedTuple):
    stream: BinaryIO

    def write(self, text: str) -> int:
        return self.stream.write(text.encode())


def _csv_problem(error: csv.Error) -> str:
    message = str(error)
    if message.startswith("unexpected end"):
        return "a quotation mark opens a cell that is never closed"
    if message.startswith("field larger"):
        return f"a cell of more than {FIELD_LIMIT:,} characters: is a quotation mark not closed?"
    if message.startswith("new-line character"):
        return "a carriage return outside of quotation marks"
    return f"no CSV: {message}"
