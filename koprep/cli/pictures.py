"""Saying which pictures were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape


def tell_pictures(drawn: Sequence[Path]) -> None:
    """Name the pictures on standard error, where they stand in no one's data."""
    names = ", ".join(path.name for path in drawn)
    Console(stderr=True, emoji=False).print(
        escape(f"pictures in {drawn[0].parent}: {names}"), soft_wrap=True, highlight=False
    )
