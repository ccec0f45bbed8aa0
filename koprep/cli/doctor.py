"""`koprep doctor`."""

from __future__ import annotations

import typer
from rich.markup import escape

from koprep.cli.output import Output

SIGNS = {"ok": "[green]ok     [/]", "absent": "[dim]absent [/]", "problem": "[red]problem[/]"}


def doctor() -> None:
    """Tell what of koprep works here, and how to mend what does not.

    Exit code 0: nothing is broken (an extra that is not installed is no fault); 1: something is.
    """
    from koprep.doctor import examine

    console = Output()
    broken = False
    for finding in examine():
        broken |= finding.level == "problem"
        console.print(
            f"{SIGNS[finding.level]} {escape(f'{finding.subject}: {finding.message}')}",
            highlight=False,
            soft_wrap=True,
        )
        if finding.mend:
            console.print(
                f"        [cyan]{escape(finding.mend)}[/]", highlight=False, soft_wrap=True
            )
    if broken:
        raise typer.Exit(1)
