"""What every format of rows is: a `Reader` of records and bad rows, and a `Writer`."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol

from koprep.records.files import Input
from koprep.textfile import TextLines
from koprep.texts import short

Value = str | list[str]
"""What the work makes of a text: a text or its tokens."""


class Record(Protocol):
    """A row that holds a text to work on."""

    @property
    def line(self) -> int:
        """The line of the file where the row begins, from 1; in Parquet the row's number."""

    @property
    def text(self) -> str:
        """What stands in the text column."""

    @property
    def row(self) -> dict[str, Any]:
        """All columns, the text among them."""

    def value(self, column: str) -> Any:
        """Return what stands in one column; None where the row has none of that name."""


class LineRecord(NamedTuple):
    """A record of a text format."""

    line: int
    text: str
    row: dict[str, Any]

    def value(self, column: str) -> Any:
        return self.row.get(column)


class BadRow(NamedTuple):
    """A row that cannot be used."""

    line: int
    reason: str
    row: str
    """The row as it stands in the file; of Parquet, which is no text, as JSON."""


class Writer(ABC):
    """Writes records in one format, each with what the work made of its text."""

    @abstractmethod
    def write(self, record: Record, value: Value) -> None:
        """Write one row."""

    def close(self) -> None:  # noqa: B027  # most formats owe nothing
        """Write what is still due; after an error too, into a file that goes."""


class Reader(ABC):
    """Reads records in one format; iterating yields every row of the file, once and in order."""

    @abstractmethod
    def __iter__(self) -> Iterator[Record | BadRow]: ...

    @property
    @abstractmethod
    def position(self) -> int:
        """How many of the input's bytes have become rows."""

    @property
    @abstractmethod
    def text_column(self) -> str:
        """The column whose texts are worked on."""

    @property
    @abstractmethod
    def columns(self) -> Mapping[str, str] | None:
        """Of each column its type, "string" in a text format; None where rows have their own."""

    @abstractmethod
    def writer(self, stream: BinaryIO, column: str) -> Writer:
        """Return the writer of the same format and columns, which puts values into `column`."""


class LineReader(Reader):
    """A reader of a text format."""

    def __init__(self, source: Input, encoding: str | None) -> None:
        self.source = source
        self.lines: TextLines = TextLines(source.stream, source.name, encoding)

    @property
    def position(self) -> int:
        return int(self.source.bytes_read * self.lines.share)


class JsonWriter(Writer):
    """One JSON object a line."""

    def __init__(self, stream: BinaryIO, column: str) -> None:
        self._stream = stream
        self._column = column

    def write(self, record: Record, value: Value) -> None:
        self._stream.write(json_line({**record.row, self._column: value}))


def json_line(row: Mapping[str, Any]) -> bytes:
    r"""Write one line of JSON in UTF-8: unpaired surrogates as escapes, NaN as null.

    >>> json_line({"text": "좋아요"}).decode()
    '{"text": "좋아요"}\n'
    """
    try:
        line = json.dumps(row, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        row = _finite(row)
        line = json.dumps(row, ensure_ascii=False, default=str)
    try:
        return f"{line}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(row, default=str)}\n".encode()


def _finite(value: Any) -> Any:
    """Return a value of JSON with null for NaN and infinities, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, (list, tuple)) else value


def problem_with(value: object) -> str | None:
    """Say why a value is no text; None if it is one.

    >>> problem_with(None), problem_with(7), problem_with("")
    ('the text is missing (None)', 'expected a text, got int 7', None)
    """
    if isinstance(value, str):
        return None
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return f"the text is missing ({value})"
    return f"expected a text, got {type(value).__name__} {short(value)}"


def check_columns(columns: Sequence[str], column: str | None, adds: str | None, source: str) -> str:
    """Return the text column, having checked a table's columns.

    Args:
        columns: those of the table.
        column: the name a person gave for the text column, if any.
        adds: a column that will be added.
        source: what errors call the table.

    Raises:
        ValueError: no column or an unknown one is named (the message lists them), two have one
            name, or the column to be added is there.

    >>> check_columns(["id", "document"], "document", "tokens", "reviews.csv")
    'document'
    """
    known = ", ".join(columns) or "none"
    if column is None:
        raise ValueError(f"{source}: name the column of texts with --column; there are {known}")
    if column not in columns:
        raise ValueError(f"{source} has no column {column!r}; there are {known}")
    for name in columns:
        if columns.count(name) > 1:
            raise ValueError(f"{source} has two columns {name!r}; rename one")
    if adds in columns:
        raise ValueError(f"{source} has a column {adds!r} already; rename it")
    return column
