"""`koprep zoo …`."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="The models.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_() -> None:
    """List the models that can be trained."""
    from koprep.zoo import list_models, model_summary

    table = Table("model", "what it is")
    for name in list_models():
        table.add_row(name, model_summary(name))
    Console().print(table)
