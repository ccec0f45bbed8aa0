"""The files themselves: their formats and compression, opened to read, written in one step."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from koprep.replacing import replacing_file
from koprep.textfile import CountedBytes

FORMATS = ("txt", "csv", "tsv", "jsonl", "parquet")
"""The formats by their suffixes, which are their names."""

BAD_ROWS = ".bad.jsonl"
"""What the names of side files end in."""

DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile)
"""What reading a broken compressed file raises."""


_decompressors: dict[str, Callable[[BinaryIO], Any]] = {".gz": gzip.open, ".xz": lzma.open}


@dataclass(frozen=True)
class Input:
    """A file or standard input, opened."""

    name: str
    """What messages call it."""

    format: str
    """One of `FORMATS`."""

    stream: BinaryIO
    """Its bytes, decompressed."""

    path: Path | None
    """None for standard input."""

    size: int | None
    """Its bytes, where the system knows."""

    status: os.stat_result | None
    """What tells whether another path is the same file."""

    counted: CountedBytes
    """Its bytes as they lie on disk."""

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file were read."""
        return self.counted.count


def format_of(path: Path) -> str | None:
    """Return the format that a file's name tells, None where it tells none.

    >>> format_of(Path("reviews.CSV.gz")), format_of(Path("notes.md"))
    ('csv', None)
    """
    name = path.name.lower()
    bare = name.removesuffix(_compression(path))
    suffix = Path(bare).suffix.removeprefix(".")
    if suffix not in FORMATS or (suffix == "parquet" and bare != name):
        return None
    return suffix


@contextmanager
def open_input(path: Path | None, format_name: str | None) -> Iterator[Input]:
    """Open a file, or standard input for None, to read rows from.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the format is unknown, or not told; inside the block, the file turns out
            damaged.
    """
    if format_name is not None and format_name not in FORMATS:
        raise ValueError(f"unknown format {format_name!r}; choose from {', '.join(FORMATS)}")
    if path is None:
        with ExitStack() as stack:
            yield _input(sys.stdin.buffer, "standard input", None, format_name or "txt", stack)
        return
    if not path.exists():
        raise FileNotFoundError(f"no file {path}")
    found = format_name or format_of(path)
    if found is None:
        raise ValueError(f"{path}: its name tells no format; give --format {'|'.join(FORMATS)}")
    with ExitStack() as stack:
        try:
            yield _input(stack.enter_context(path.open("rb")), str(path), path, found, stack)
        except DAMAGED as error:
            raise ValueError(f"{path} is damaged: {error}") from None


def output_format(path: Path | None, json: bool, input_format: str) -> str:
    """Return the format to write: the input's own, or JSON lines where asked for.

    Raises:
        ValueError: `path` says another format, or Parquet should go to standard output.

    >>> output_format(Path("tokens.jsonl.gz"), False, "csv")
    'jsonl'
    """
    if path is None:
        if input_format == "parquet" and not json:
            raise ValueError("Parquet is not written to standard output: give --out or --json")
        return "jsonl" if json else input_format
    found = format_of(path)
    if found == "jsonl" or (found == input_format and not json):
        return found
    choices = ".jsonl" if json else f".{input_format} or .jsonl"
    raise ValueError(f"{path}: this output is written to files that end in {choices}")


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file to write, compressed if its name says so; None is standard output.

    The file appears, or is replaced, when the block ends without an error; else nothing stays.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with (
        replacing_file(path) as part,
        part.open("xb") as stream,
        _compressed(stream, path) as compressed,
    ):
        yield compressed


def check_target(path: Path, source: Input) -> Path:
    """Return where a file comes to lie, links followed, if nothing else is lost by that.

    Raises:
        FileNotFoundError: its folder is missing.
        ValueError: it is the input, or no plain file.
    """
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {target.parent}; make it first")
    if target.exists():
        if not target.is_file():
            raise ValueError(f"{path} is no plain file; give another name")
        if source.status is not None and os.path.samestat(source.status, target.stat()):
            raise ValueError(f"{path} is the input itself; give another name")
    return target


def bare_name(path: Path) -> str:
    """Return a file's name without what tells its format and compression.

    >>> bare_name(Path("reviews.2024.CSV.gz")), bare_name(Path("notes.about"))
    ('reviews.2024', 'notes.about')
    """
    bare = path.with_suffix("") if _compression(path) else path
    return bare.stem if bare.suffix.lower().removeprefix(".") in FORMATS else bare.name


def _compression(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix in _decompressors else ""


def _input(
    raw: BinaryIO, name: str, path: Path | None, format_name: str, stack: ExitStack
) -> Input:
    try:
        status: os.stat_result | None = os.fstat(raw.fileno())
    except OSError:  # standard input that someone replaced with no file
        status = None
    plain = status is not None and stat.S_ISREG(status.st_mode)
    counted = CountedBytes(raw)
    buffered = cast(BinaryIO, io.BufferedReader(counted))
    stream = buffered
    if path is not None and (compression := _compression(path)):
        stream = stack.enter_context(_decompressors[compression](buffered))
    return Input(
        name=name,
        format=format_name,
        stream=stream,
        path=path,
        size=status.st_size if plain and status else None,
        status=status if plain else None,
        counted=counted,
    )


@contextmanager
def _compressed(stream: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if _compression(path) == ".gz":  # mtime=0: the same rows give the same bytes
        with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as compressed:
            yield cast(BinaryIO, compressed)
    elif _compression(path) == ".xz":
        with lzma.LZMAFile(stream, "wb") as packed:
            yield cast(BinaryIO, packed)
    else:
        yield stream
