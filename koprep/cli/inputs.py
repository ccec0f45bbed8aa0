"""Texts for a command: arguments, lines of standard input, or a file of texts without labels."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

CHUNK = 1024
"""Lines of standard input that are worked on together."""


def text_chunks(texts: list[str] | None, encoding: str | None) -> Iterator[list[str]]:
    """Return the texts, or without any the lines of standard input, some at a time.

    Raises:
        ValueError: no texts and a terminal as standard input, or a model's folder where a text
            should be; while iterating, a line that cannot be read.
    """
    for text in texts or ():
        if _is_model(text):
            raise ValueError(f"{text} is a model's folder: give it as --model {text}")
    if not texts and sys.stdin.isatty():
        raise ValueError("no text given: give texts, or lines on standard input")
    return _chunks(iter(texts or _lines(encoding)))


def _chunks(texts: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(itertools.islice(texts, CHUNK)):
        yield chunk


def _is_model(text: str) -> bool:
    try:
        return bool(text) and Path(text, "manifest.json").is_file()
    except OSError:  # longer than any name of a file
        return False


def check_piped(source: Path | None) -> None:
    """Refuse to wait for a person to type a file.

    Raises:
        ValueError: `source` is standard input, and that is a terminal.
    """
    if source is None and sys.stdin.isatty():
        raise ValueError("nothing to read: give a file, or texts on standard input")


def unlabelled_texts(path: Path) -> list[str]:
    """Return the texts of what `EmbeddingsFile` takes.

    Raises:
        ValueError: the file has columns, not one text a line.
    """
    from koprep.records import read_texts

    if ".txt" not in path.suffixes:
        raise ValueError(f"--embeddings takes a .txt file, one text a line, got {path}")
    return list(read_texts(path))


def _lines(encoding: str | None) -> Iterable[str]:
    from koprep.textfile import TextLines

    for line in TextLines(sys.stdin.buffer, "standard input", encoding):
        if line.problem:
            raise ValueError(f"standard input line {line.number}: {line.problem}")
        yield line.content
