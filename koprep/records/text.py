"""Plain text: each line is a text, an empty line an empty one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO

from koprep.records.base import BadRow, LineReader, LineRecord, Record, Value, Writer
from koprep.records.files import Input


class TextReader(LineReader):
    """Reads one text a line."""

    text_column = "text"
    columns: Mapping[str, str] = MappingProxyType({"text": "string"})

    def __init__(
        self, source: Input, encoding: str | None, column: str | None, adds: str | None
    ) -> None:
        if column is not None:
            raise ValueError(
                f"{source.name} is read as lines of text, which have no columns: "
                "leave out --column, or give --format"
            )
        super().__init__(source, encoding)

    def __iter__(self) -> Iterator[Record | BadRow]:
        for line in self.lines:
            text = line.content
            if line.problem:
                yield BadRow(line.number, line.problem, text)
            else:
                yield LineRecord(line.number, text, {"text": text})

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return _TextWriter(stream)


class _TextWriter(Writer):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, record: Record, value: Value) -> None:
        line = value if isinstance(value, str) else " ".join(value)
        self._stream.write(f"{line}\n".encode())
