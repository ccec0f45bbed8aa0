"""`koprep verify`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from koprep.cli.options import Json
from koprep.cli.output import Output

if TYPE_CHECKING:
    from koprep.saved import SavedTokenizer
    from koprep.verification import Verification

EXIT_CODES = {"fine": 0, "drift": 1, "unreadable": 2}


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A saved preprocessor or a trained model.")
    ],
    json: Json = False,
) -> None:
    """Check that no file of a bundle was changed, and that texts are cut as at fit time.

    Exit code 0: all is as it was saved; 1: the analyzer that is installed cuts differently; 2: the
    bundle is damaged, or there is none.
    """
    from koprep.verification import verify as verify_bundle

    result = verify_bundle(folder)
    if json:
        print(json_format.dumps(result.to_dict(), ensure_ascii=False))
    elif result.error is not None:
        raise ValueError(result.error)
    else:
        _print(result)
    raise typer.Exit(EXIT_CODES[result.status])


def _print(result: Verification) -> None:
    assert result.bundle is not None
    assert result.tokenizer is not None
    console = Output()
    manifest = result.bundle.manifest
    kind = manifest.kind if manifest.task is None else f"{manifest.kind} ({manifest.task})"
    rows = Table.grid(padding=(0, 2))
    rows.add_row("bundle", escape(f"{result.folder}: {kind}"))
    rows.add_row(
        "saved by",
        escape(f"koprep {manifest.koprep_version}, bundle format {result.bundle.written_format}"),
    )
    rows.add_row("files", f"[green]{len(manifest.files) + 1}, all as they were saved[/]")
    rows.add_row("tokenizer", escape(_versions(result.tokenizer)))
    cut = (
        f"[yellow]{len(result.drift)} of {result.samples} are cut differently now[/]"
        if result.drift
        else f"[green]{result.samples}, all cut as at fit time[/]"
    )
    rows.add_row("golden samples", cut)
    console.print(rows, highlight=False)
    if result.drift:
        console.print()
        console.print(_drift_table(result))
        console.print(
            f"[cyan]Install the versions of fit time{escape(_install(result.tokenizer))}, or fit "
            "again.[/]",
            highlight=False,
            soft_wrap=True,
        )


def _drift_table(result: Verification) -> Table:
    table = Table("golden sample", "at fit time", "now")
    for drift in result.drift:
        for row, (before, after) in enumerate(drift.changes()):
            table.add_row(
                escape(drift.text) if row == 0 else "",
                f"[bold red]{escape(' '.join(before)) or '-'}[/]",
                f"[bold green]{escape(' '.join(after)) or '-'}[/]",
            )
        table.add_section()
    return table


def _versions(tokenizer: SavedTokenizer) -> str:
    """Return the tokenizer's name, with each engine's version, now and at fit time."""
    installed = tokenizer.installed_versions()
    engines = []
    for name in {**tokenizer.versions, **installed}:
        then, now = tokenizer.versions.get(name), installed.get(name)
        engines.append(
            f"{name} {now}" if then == now else f"{name} {then or 'none'}, now {now or 'none'}"
        )
    return "; ".join([tokenizer.name, *engines])


def _install(tokenizer: SavedTokenizer) -> str:
    """Return the command that installs the versions of fit time, where others are installed."""
    if tokenizer.versions in ({}, tokenizer.installed_versions()):
        return ""
    pinned = " ".join(f"{name}=={version}" for name, version in tokenizer.versions.items())
    return f" (pip install {pinned})"
