"""What a command prints for people."""

from __future__ import annotations

from rich.console import Console


class Output(Console):
    """Standard output, where a text's `:joy:` stays what it is."""

    def __init__(self) -> None:
        super().__init__(emoji=False)

    def on_broken_pipe(self) -> None:  # rich would end the process with 1
        raise BrokenPipeError from None
