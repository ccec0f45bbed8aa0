"""What a command prints for people."""

from __future__ import annotations

from rich.console import Console


class Output(Console):
    """Standard output; rich would end the process with 1 where its reader stopped reading."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError from None
