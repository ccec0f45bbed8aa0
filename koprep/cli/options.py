"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(help="Folder with the dataset's files; not needed for what comes with koprep."),
]
Limit = Annotated[int | None, typer.Option(help="Use the first examples only, this many.")]
Sample = Annotated[
    int | None, typer.Option(help="Use this many examples, chosen at random by the seed.")
]
Seed = Annotated[int, typer.Option(help="Of every random choice: the same seed, the same result.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ModelFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A trained model's folder.")]
