"""The rows of one shard, cut from a stream of files; what a worker is given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

from koprep.records.base import BadRow, Reader, Record, json_line
from koprep.records.files import DAMAGED, open_input
from koprep.records.parquet import ArrowRecord, ParquetReader, gather, import_pyarrow
from koprep.records.reading import open_reader
from koprep.sharding.inputs import Inputs
from koprep.texts import short

LABEL = "label"
"""The column of labels that are numbers."""

OTHER_COLUMNS = "other_columns"
"""The column that holds what else stood in a JSON object, as JSON: each has its own columns."""

MOST_LABELS = 2**31

Chunk = dict[str, list[str]] | bytes
"""Columns of rows of one file: texts by name, or of Parquet an Arrow stream."""


class BadRecord(NamedTuple):
    """A row that cannot be used, and the file it stands in."""

    file: str
    line: int
    reason: str
    row: str


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows that follow each other in the input, and become one shard."""

    number: int
    """Of the shard, from 0."""
    texts: list[str]
    labels: list[int] | None
    chunks: list[Chunk]
    """The columns of the input, in order; none where the shard does not keep them."""
    bad: list[BadRecord]
    digest: str
    """Of all of the above."""
    first: str
    last: str
    """Where they stand, for messages: file and line."""
    span: int
    """Bytes of the input."""

    def __len__(self) -> int:
        return len(self.texts) + len(self.bad)


@dataclass(frozen=True, kw_only=True)
class Cutter:
    """Cuts inputs into shards.

    Attributes:
        inputs: what is read.
        rows_per_shard: rows of a shard, bad ones counted in; the last may have fewer.
        adds: columns that will be added and must not be there.
        keeps_columns: whether shards hold the input's columns.
    """

    inputs: Inputs
    rows_per_shard: int
    adds: Sequence[str] = ()
    keeps_columns: bool = True

    def __iter__(self) -> Iterator[Rows]:
        """Yield the shards in order.

        Raises:
            ModuleNotFoundError: a Parquet file, and pyarrow is not installed.
            OSError: a file cannot be read.
            ValueError: a file is damaged, or its columns are not as asked, or not those of the
                files before it.
        """
        labelled = self.inputs.label is not None
        shard = _Shard(0, labelled)
        columns: tuple[str, dict[str, str]] | None = None
        for path in self.inputs.files:
            with open_input(path, self.inputs.format) as source:
                reader = open_reader(
                    source, column=self.inputs.column, encoding=self.inputs.encoding
                )
                kept = self._checked_columns(reader, source.name)
                if self.keeps_columns:
                    columns = columns or (source.name, kept)
                    _check_same(columns, (source.name, kept))
                part = _Part(
                    source.name, reader, list(kept) if self.keeps_columns else [], self.inputs.label
                )
                for item in _items(reader, source.name):
                    part.add(item, shard)
                    if shard.size == self.rows_per_shard:
                        part.end(shard)
                        yield shard.rows()
                        shard = _Shard(shard.number + 1, labelled)
                part.end(shard)
        if shard.size:
            yield shard.rows()

    def _checked_columns(self, reader: Reader, name: str) -> dict[str, str]:
        """Return the columns that are kept, with their types."""
        label = self.inputs.label
        found = reader.columns
        if found is None:
            kept = {reader.text_column: "string", OTHER_COLUMNS: "string"}
        else:
            kept = dict(found)
            if label is not None and label not in kept:
                raise ValueError(f"{name} has no column {label!r}; there are {', '.join(kept)}")
        added = list(self.adds)
        if label is not None:
            if label == LABEL and found is not None:
                kept.pop(LABEL)  # its numbers take its place
            added.append(LABEL)
        if found is None and reader.text_column == OTHER_COLUMNS:
            added.append(OTHER_COLUMNS)
        for column in added if self.keeps_columns else ():
            if column in kept:
                raise ValueError(f"{name} has a column {column!r} already; rename it")
        return kept


@dataclass
class _Shard:
    """A shard that is being filled."""

    number: int
    labelled: bool
    texts: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    first: str = ""
    last: str = ""
    size: int = 0
    span: int = 0

    def rows(self) -> Rows:
        hashed = blake2b(digest_size=16)
        columns = [chunk for chunk in self.chunks if isinstance(chunk, dict)]
        texts = [] if self.chunks else self.texts  # which are in the columns already
        hashed.update(json.dumps([texts, self.labels, columns, self.bad]).encode())
        for chunk in self.chunks:
            if isinstance(chunk, bytes):
                hashed.update(chunk)
        return Rows(
            number=self.number,
            texts=self.texts,
            labels=self.labels if self.labelled else None,
            chunks=self.chunks,
            bad=self.bad,
            digest=hashed.hexdigest(),
            first=self.first,
            last=self.last,
            span=self.span,
        )


class _Part:
    """What one file gives to the shard that is being filled."""

    def __init__(self, file: str, reader: Reader, columns: list[str], label: str | None) -> None:
        self._file = file
        self._reader = reader
        self._columns = columns
        self._label = label
        self._is_json = reader.columns is None
        self._kept: list[Record] = []
        self._position = 0
        self._line = 0

    def add(self, item: Record | BadRow, shard: _Shard) -> None:
        """Add a row to the shard."""
        self._line = item.line
        if not shard.size:
            shard.first = f"{self._file} line {item.line}"
        shard.size += 1
        if isinstance(item, BadRow):
            shard.bad.append(BadRecord(self._file, *item))
            return
        label = _label(item, self._label) if self._label is not None else 0
        problem = label if isinstance(label, str) else None
        if self._is_json and not item.text.isascii() and not _is_unicode(item.text):
            problem = "the text holds half a character (an unpaired surrogate)"
        if problem is not None:
            raw = json_line(item.row).decode().rstrip("\n")
            shard.bad.append(BadRecord(self._file, item.line, problem, raw))
            return
        shard.texts.append(item.text)
        if self._label is not None:
            assert isinstance(label, int)
            shard.labels.append(label)
        if self._columns:
            self._kept.append(item)

    def end(self, shard: _Shard) -> None:
        """Give the shard the columns of the rows since the last end."""
        position = self._reader.position
        shard.span += position - self._position
        self._position = position
        if self._line:
            shard.last = f"{self._file} line {self._line}"
        if self._columns and (self._kept or not shard.chunks):
            shard.chunks.append(self._chunk())
            self._kept = []

    def _chunk(self) -> Chunk:
        if isinstance(self._reader, ParquetReader):
            return _arrow_stream(self._reader, self._kept, self._columns)
        rows = [record.row for record in self._kept]
        if self._is_json:
            text = self._reader.text_column
            return {
                text: [row[text] for row in rows],
                OTHER_COLUMNS: [_others(row, text) for row in rows],
            }
        return {name: [row[name] for row in rows] for name in self._columns}


def _items(reader: Reader, name: str) -> Iterator[Record | BadRow]:
    """Yield a file's rows; an error says which file it is, and how far it could be read."""
    line = 0
    try:
        for item in reader:
            line = item.line
            yield item
    except (*DAMAGED, OSError, ValueError) as error:
        if str(error).startswith(name):
            raise
        raise ValueError(f"{name} is damaged after line {line}: {error}") from error


def _check_same(first: tuple[str, dict[str, str]], now: tuple[str, dict[str, str]]) -> None:
    if list(first[1].items()) != list(now[1].items()):
        (first_name, due), (name, found) = (
            (name, ", ".join(f"{column} ({kind})" for column, kind in columns.items()))
            for name, columns in (first, now)
        )
        raise ValueError(
            f"{name} has the columns {found}; {first_name} has {due}: write them into folders of "
            "their own"
        )


def _label(record: Record, column: str) -> int | str:
    """Return a row's label, or why it has none."""
    if not isinstance(record, ArrowRecord) and column not in record.row:
        return f"no column {column!r}; there are {', '.join(record.row)}"
    number = value = record.value(column)
    if isinstance(value, str):
        whole, _, rest = value.strip().partition(".")
        if whole.isdecimal() and len(whole) < 20 and not rest.strip("0"):
            number = int(whole)
    elif isinstance(value, float) and value.is_integer():
        number = int(value)  # pandas makes floats of numbers among which one is missing
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST_LABELS:
        return number
    return f"the label must be a whole number from 0, got {short(value)}"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _others(row: dict[str, Any], text_column: str) -> str:
    others = {name: value for name, value in row.items() if name != text_column}
    return json_line(others).decode().rstrip("\n")


def _arrow_stream(reader: ParquetReader, records: list[Any], columns: list[str]) -> bytes:
    pa = import_pyarrow("pyarrow")
    table = gather(records) if records else reader.schema.empty_table()
    table = table.select(columns)
    # Files may differ in what their fields say of themselves, not in their types.
    fields = [field.with_nullable(True).remove_metadata() for field in table.schema]
    table = pa.Table.from_arrays(table.columns, schema=pa.schema(fields))
    places = pa.array(range(len(table)), pa.int64())
    table = table.take(places)  # a copy: the stream of a slice holds bytes of its neighbours
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content
