"""Texts for a command: arguments, or lines of standard input."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator

CHUNK = 1024
"""Lines of standard input that are worked on together."""


def text_chunks(texts: list[str] | None, encoding: str | None) -> Iterator[list[str]]:
    """Yield the texts, or without any the lines of standard input, some at a time.

    Raises:
        ValueError: no texts and a terminal as standard input, or a line that cannot be read.
    """
    if not texts and sys.stdin.isatty():
        raise ValueError("no text given: give texts, or lines on standard input")
    iterator = iter(texts or _lines(encoding))
    while chunk := list(itertools.islice(iterator, CHUNK)):
        yield chunk


def _lines(encoding: str | None) -> Iterable[str]:
    from koprep.textfile import TextLines

    for line in TextLines(sys.stdin.buffer, "standard input", encoding):
        if line.problem:
            raise ValueError(f"standard input line {line.number}: {line.problem}")
        yield line.content
