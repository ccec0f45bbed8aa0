"""JSON lines: one object a line; blank lines hold no row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from koprep.records.base import (
    BadRow,
    JsonWriter,
    LineReader,
    LineRecord,
    Record,
    Writer,
    check_columns,
    problem_with,
)
from koprep.records.files import Input
from koprep.textfile import Line
from koprep.texts import short


class JsonReader(LineReader):
    """Reads the objects of a file, each of which has its own columns."""

    def __init__(
        self, source: Input, encoding: str | None, column: str | None, adds: str | None
    ) -> None:
        super().__init__(source, encoding)
        if column is None:
            first = next(map(_parsed, self.lines), {})
            check_columns(list(first) if isinstance(first, dict) else [], None, adds, source.name)
        self._column = column or ""
        self._adds = adds

    @property
    def text_column(self) -> str:
        return self._column

    @property
    def columns(self) -> None:
        return None

    def __iter__(self) -> Iterator[Record | BadRow]:
        for line in self.lines:
            if not line.text.strip():
                continue
            row = _parsed(line)
            if isinstance(row, str):
                yield BadRow(line.number, row, line.content)
            elif reason := self._problem_with(row):
                yield BadRow(line.number, reason, line.content)
            else:
                yield LineRecord(line.number, row[self._column], row)

    def writer(self, stream: BinaryIO, column: str) -> Writer:
        return JsonWriter(stream, column)

    def _problem_with(self, row: dict[str, Any]) -> str | None:
        if self._column not in row:
            return f"no column {self._column!r}; there are {', '.join(row)}"
        if self._adds in row:
            return f"it has a column {self._adds!r} already"
        return problem_with(row[self._column])


def _parsed(line: Line) -> dict[str, Any] | str:
    """Return the object a line holds, or why it holds none."""
    if line.problem:
        return line.problem
    try:
        row = json.loads(line.content)
    except json.JSONDecodeError as error:
        return f"no JSON: {error.msg} after {error.pos} characters"
    except (ValueError, RecursionError) as error:  # endless digits, endless brackets
        return f"no JSON: {error}"
    if not isinstance(row, dict):
        return f"expected a JSON object, got {type(row).__name__} {short(row)}"
    return row
