"""`koprep zoo …`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="The models.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_(
    pattern: Annotated[
        str, typer.Argument(help="Only names that match, * standing for any letters.")
    ] = "*",
    task: Annotated[str | None, typer.Option(help="Only models that serve this task.")] = None,
) -> None:
    """List the models that can be trained."""
    from koprep.zoo import list_models, model_info
    from koprep.zoo.registry import ALL_TASKS

    table = Table("model", "what it is", "tasks", show_lines=True)
    for name in list_models(task=task, pattern=pattern):
        found = model_info(name)
        tasks = "all" if found.tasks == ALL_TASKS else ", ".join(found.tasks)
        table.add_row(name, found.summary, tasks)
    Console().print(table)


@app.command("info")
def info(
    name: Annotated[str, typer.Argument(help="A name of `koprep zoo list`.")],
    task: Annotated[
        str | None, typer.Option(help="The task to count parameters for; else the first served.")
    ] = None,
    vocabulary_size: Annotated[int, typer.Option(help="Ids to count parameters for.")] = 20_000,
    num_labels: Annotated[int, typer.Option(help="Labels to count parameters for.")] = 2,
) -> None:
    """Show a model's tasks, its settings with their defaults, and its parameters."""
    from koprep.datasets import TaskSpec
    from koprep.datasets.encoded import WORD_TASKS
    from koprep.zoo import model_info

    chosen = task or model_info(name).tasks[0]
    labels = vocabulary_size if chosen in WORD_TASKS else num_labels
    spec = TaskSpec(
        task=chosen,  # type: ignore[arg-type]  # TaskSpec checks it
        vocabulary_size=vocabulary_size,
        maxlen=1,
        num_labels=labels,
    )
    found = model_info(name, spec)
    console = Console()
    console.print(f"[bold]{name}[/]: {found.summary}", highlight=False)
    console.print(f"tasks: {', '.join(found.tasks)}", highlight=False)
    console.print(
        f"parameters: {found.parameters:,} ({chosen}, {vocabulary_size:,} ids, {labels:,} labels)",
        highlight=False,
    )
    table = Table("setting", "default")
    for setting, default in found.settings.items():
        table.add_row(setting, str(default))
    console.print(table)
