"""The number of the bundle format, and the way from every older one to it.

A change of what a JSON file of a bundle holds raises `FORMAT` and adds a step for the number
before it, so that readers know the newest form only. Steps are never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

FORMAT: Literal[2] = 2
"""The number of the format that is written."""

Document = dict[str, Any]
"""What a JSON file of a bundle holds."""


def _manifest_with_checksum(manifest: Document) -> Document:
    """Format 2 gave the manifest a checksum of its own, which is checked before it is read."""
    return {**manifest, "format": 2}


def _preprocessor_with_choices_of_unknown(saved: Document) -> Document:
    """Format 2 knows more ways with unknown tokens, and what the row length keeps whole."""
    return {
        **saved,
        "coverage": None,
        "oov_buckets": 1,
        "spell_unknown": False,
        "whole_share": None,
    }


UPGRADES: Mapping[int, Mapping[str, Callable[[Document], Document]]] = {
    1: {
        "manifest.json": _manifest_with_checksum,
        "preprocessor.json": _preprocessor_with_choices_of_unknown,
    },
}
"""By format number and file: the document of that format -> the document of the next one.

A file without a step is the same in both. A step is pure and leaves its argument as it is.
"""


def upgrade(name: str, document: Document, written: int) -> Document:
    """Return a file's document as today's format has it.

    Args:
        name: the file, such as `preprocessor.json`.
        document: what it holds.
        written: the format number of its bundle, at most `FORMAT`.

    >>> upgrade("manifest.json", {"format": 1, "kind": "preprocessor"}, written=1)
    {'format': 2, 'kind': 'preprocessor'}
    """
    for number in range(written, FORMAT):
        step = UPGRADES[number].get(name)
        if step is not None:
            document = step(document)
    return document
