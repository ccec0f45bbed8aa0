"""Which reader reads which format, and the texts of a file alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from koprep.records.base import BadRow, Reader
from koprep.records.delimited import CsvReader, TsvReader
from koprep.records.files import Input, open_input
from koprep.records.jsonl import JsonReader
from koprep.records.parquet import ParquetReader
from koprep.records.text import TextReader

_readers: dict[str, Callable[[Input, str | None, str | None, str | None], Reader]] = {
    "txt": TextReader,
    "csv": CsvReader,
    "tsv": TsvReader,
    "jsonl": JsonReader,
    "parquet": ParquetReader,
}


def open_reader(
    source: Input,
    *,
    column: str | None = None,
    encoding: str | None = None,
    adds: str | None = None,
) -> Reader:
    """Return the reader of an opened file.

    Args:
        source: the file.
        column: the column of texts; None for plain text.
        encoding: of a text format; None tells UTF-8 from CP949.
        adds: a column that will be added, and must not be there.

    Raises:
        ModuleNotFoundError: it is a Parquet file, and pyarrow is not installed.
        ValueError: a column or the encoding is wrong or can't be told.
    """
    return _readers[source.format](source, encoding, column, adds)


def read_texts(
    path: Path | None,
    *,
    column: str | None = None,
    format: str | None = None,
    encoding: str | None = None,
) -> Iterator[str]:
    r"""Yield the texts of a file, or of standard input for None, as they are asked for.

    Takes the formats of `rewrite` and finds out the same way what is not given.

    Raises:
        FileNotFoundError: there is no such file.
        ModuleNotFoundError: it is a Parquet file, and pyarrow is not installed.
        ValueError: a column, format or encoding is wrong or can't be told, or a row holds no
            text.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("id,text\n1,좋아요\n2,별로\n", encoding="utf-8")
    >>> list(read_texts(path, column="text"))
    ['좋아요', '별로']
    """
    with open_input(path, format) as source:
        for item in open_reader(source, column=column, encoding=encoding):
            if not isinstance(item, BadRow):
                yield item.text
                continue
            raise ValueError(f"{source.name} line {item.line}: {item.reason}")
