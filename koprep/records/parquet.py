"""Parquet: tables with types, read and written in batches; needs pyarrow."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from koprep.records.base import (
    BadRow,
    Reader,
    Record,
    Value,
    Writer,
    check_columns,
    json_line,
    problem_with,
)
from koprep.records.files import Input

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 1024
"""Rows read together."""

GROUP_ROWS = 8192
"""Rows written together, a row group of the file."""


_Waiting = tuple["pa.RecordBatch", int, Value]  # a row of a batch, and its new value


@dataclass(frozen=True, slots=True)
class _ArrowRecord:
    """A record that stays in its batch, so that the other columns keep their exact values."""

    line: int
    text: str
    batch: pa.RecordBatch
    index: int

    @property
    def row(self) -> dict[str, Any]:
        return _row(self.batch, self.index)


class ParquetReader(Reader):
    """Reads the rows of a Parquet file."""

    def __init__(
        self, source: Input, encoding: str | None, column: str | None, adds: str | None
    ) -> None:
        if source.path is None:
            raise ValueError("Parquet is not read from standard input: give the file")
        if encoding is not None:
            raise ValueError("Parquet needs no --encoding: leave it out")
        parquet = _import("pyarrow.parquet")
        self._path = source.path
        with self._naming():
            self._file = parquet.ParquetFile(source.path, pre_buffer=False, buffer_size=1 << 16)
        self._schema: pa.Schema = self._file.schema_arrow
        self._column = check_columns(self._schema.names, column, adds, source.name)
        kind = self._schema.field(self._column).type
        if not _is_text(kind):
            raise ValueError(f"{source.path}: column {self._column!r} holds {kind}, not texts")
        self._size = source.size or 0
        self._rows_read = 0

    @property
    def position(self) -> int:
        num_rows: int = self._file.metadata.num_rows
        return self._size * self._rows_read // max(1, num_rows)

    @property
    def text_column(self) -> str:
        return self._column

    def __iter__(self) -> Iterator[Record | BadRow]:
        for batch in self._batches():
            for index, value in enumerate(array_values(batch.column(self._column))):
                self._rows_read += 1
                if (reason := problem_with(value)) is not None:
                    raw = json_line(_row(batch, index)).decode().rstrip("\n")
                    yield BadRow(self._rows_read, reason, raw)
                else:
                    yield _ArrowRecord(self._rows_read, value, batch, index)

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return _ParquetWriter(stream, self._schema, column)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        with self._naming():
            batches = self._file.iter_batches(batch_size=BATCH_ROWS)
        while True:
            with self._naming():
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Name the file in what pyarrow says of it."""
        try:
            yield
        except (OSError, ValueError, NotImplementedError) as error:
            raise ValueError(f"{self._path} is no Parquet file, or damaged: {error}") from None


class _ParquetWriter(Writer):
    """Collects rows into row groups."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema, column: str) -> None:
        self._pa = _import("pyarrow")
        self._at = schema.get_field_index(column)
        if self._at < 0:
            field = self._pa.field(column, self._pa.list_(self._pa.string()))
            self._at = len(schema)
            schema = schema.append(field)
        else:
            field = schema.field(self._at)
        self._field = field
        self._schema = schema
        self._file = _import("pyarrow.parquet").ParquetWriter(stream, schema)
        self._waiting: list[_Waiting] = []

    def write(self, record: Record, value: Value) -> None:
        if not isinstance(record, _ArrowRecord):
            raise TypeError(f"only rows of Parquet files become Parquet, got {record!r}")
        self._waiting.append((record.batch, record.index, value))
        if len(self._waiting) == GROUP_ROWS:
            self._write_group()

    def close(self) -> None:
        if self._waiting:
            self._write_group()
        self._file.close()

    def _write_group(self) -> None:
        pa = self._pa
        parts = []
        for _, group in groupby(enumerate(self._waiting), key=_run):
            rows = [waiting for _, waiting in group]
            batch, start, _ = rows[0]
            columns = batch.slice(start, len(rows)).columns
            values = pa.array([value for _, _, value in rows], type=self._field.type)
            columns[self._at : self._at + 1] = [values]
            parts.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._file.write_table(pa.Table.from_batches(parts))
        self._waiting.clear()


def _run(numbered: tuple[int, _Waiting]) -> tuple[int, int]:
    """Return what rows that follow each other in one batch share."""
    number, (batch, index, _) = numbered
    return id(batch), index - number


def _import(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise ModuleNotFoundError("Parquet files need pyarrow: pip install pyarrow") from error


def _is_text(kind: Any) -> bool:
    types = _import("pyarrow").types
    if types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def array_values(array: Any) -> list[Any]:
    """Return the Python values of an Arrow array; of a string that is not UTF-8, its bytes."""
    try:
        return list(array.to_pylist())
    except UnicodeDecodeError:
        return [_value(scalar) for scalar in array]


def _value(scalar: Any) -> Any:
    """Return a scalar's Python value; of a string that is not UTF-8, its bytes."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()


def _row(batch: pa.RecordBatch, index: int) -> dict[str, Any]:
    return {name: _value(batch.column(name)[index]) for name in batch.schema.names}
