"""`koprep datasets …`."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="The datasets.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_() -> None:
    """List the datasets that can be read."""
    from koprep.datasets import dataset_card, list_datasets

    table = Table()
    for column in ("dataset", "splits", "licence", "comes with koprep"):
        table.add_column(column, no_wrap=column == "dataset")
    table.add_column("what it holds")
    for name in list_datasets():
        card = dataset_card(name)
        table.add_row(
            name,
            ", ".join(card.splits),
            card.license,
            "yes" if card.included else "no: --data-dir",
            card.description,
        )
    Console().print(table)
