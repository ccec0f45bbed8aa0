"""Parquet: tables with types, read and written in batches; needs pyarrow."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

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


class ArrowRecord(NamedTuple):
    """A record that stays in its batch, so that its columns keep their exact values."""

    line: int
    text: str
    batch: pa.RecordBatch
    place: int
    """In the batch."""

    @property
    def row(self) -> dict[str, Any]:
        return _row(self.batch, self.place)

    def value(self, column: str) -> Any:
        return _value(self.batch.column(column)[self.place])


class ParquetReader(Reader):
    """Reads the rows of a Parquet file."""

    def __init__(
        self, source: Input, encoding: str | None, column: str | None, adds: str | None
    ) -> None:
        if source.path is None:
            raise ValueError("Parquet is not read from standard input: give the file")
        if encoding is not None:
            raise ValueError("Parquet needs no --encoding: leave it out")
        parquet = import_pyarrow("pyarrow.parquet")
        self._path = source.path
        with self._naming():
            self._file = parquet.ParquetFile(source.path, pre_buffer=False, buffer_size=1 << 16)
        self.schema: pa.Schema = self._file.schema_arrow
        self._column = check_columns(self.schema.names, column, adds, source.name)
        kind = self.schema.field(self._column).type
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

    @property
    def columns(self) -> Mapping[str, str]:
        return {field.name: str(field.type) for field in self.schema}

    def __iter__(self) -> Iterator[Record | BadRow]:
        for batch in self._batches():
            for index, value in enumerate(array_values(batch.column(self._column))):
                self._rows_read += 1
                if (reason := problem_with(value)) is not None:
                    raw = json_line(_row(batch, index)).decode().rstrip("\n")
                    yield BadRow(self._rows_read, reason, raw)
                else:
                    yield ArrowRecord(self._rows_read, value, batch, index)

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return _ParquetWriter(stream, self.schema, column)

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
        self._pa = import_pyarrow("pyarrow")
        self._at = schema.get_field_index(column)
        if self._at < 0:
            field = self._pa.field(column, self._pa.list_(self._pa.string()))
            self._at = len(schema)
            schema = schema.append(field)
        else:
            field = schema.field(self._at)
        self._field = field
        self._schema = schema
        self._file = import_pyarrow("pyarrow.parquet").ParquetWriter(stream, schema)
        self._waiting: list[tuple[ArrowRecord, Value]] = []

    def write(self, record: Record, value: Value) -> None:
        if not isinstance(record, ArrowRecord):
            raise TypeError(f"only rows of Parquet files become Parquet, got {record!r}")
        self._waiting.append((record, value))
        if len(self._waiting) == GROUP_ROWS:
            self._write_group()

    def close(self) -> None:
        if self._waiting:
            self._write_group()
        self._file.close()

    def _write_group(self) -> None:
        pa = self._pa
        table = gather([record for record, _ in self._waiting])
        columns = table.columns
        values = pa.array([value for _, value in self._waiting], type=self._field.type)
        columns[self._at : self._at + 1] = [values]
        self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._waiting.clear()


def gather(records: Sequence[ArrowRecord]) -> pa.Table:
    """Return the rows of records, at least one, as a table."""
    slices = []
    for _, group in groupby(enumerate(records), key=_run):
        rows = [record for _, record in group]
        slices.append(rows[0].batch.slice(rows[0].place, len(rows)))
    return import_pyarrow("pyarrow").Table.from_batches(slices)


def _run(numbered: tuple[int, ArrowRecord]) -> tuple[int, int]:
    """Return what rows that follow each other in one batch share."""
    number, record = numbered
    return id(record.batch), record.place - number


def import_pyarrow(module: str) -> Any:
    """Import a module of pyarrow.

    Raises:
        ModuleNotFoundError: pyarrow is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise ModuleNotFoundError("Parquet files need pyarrow: pip install pyarrow") from error


def _is_text(kind: Any) -> bool:
    types = import_pyarrow("pyarrow").types
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
