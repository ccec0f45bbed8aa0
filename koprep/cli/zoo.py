"""`koprep zoo …`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from koprep.zoo import ModelInfo

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
    from koprep.zoo.baselines import baseline_info
    from koprep.zoo.registry import ALL_TASKS

    table = Table("model", "what it is", "tasks", show_lines=True)
    models = [model_info(name) for name in list_models(task=task, pattern=pattern)]
    baseline = baseline_info()
    if fnmatchcase(baseline.name, pattern) and task in (None, *baseline.tasks):
        models.append(baseline)
    for found in models:
        tasks = "all" if found.tasks == ALL_TASKS else ", ".join(found.tasks)
        table.add_row(found.name, found.summary, tasks)
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
    from koprep.zoo.baselines import BASELINE, baseline_info

    if name == BASELINE:
        _print_info(baseline_info(), "as many as the training texts have features")
        return
    chosen = task or model_info(name).tasks[0]
    labels = vocabulary_size if chosen in WORD_TASKS else num_labels
    spec = TaskSpec(
        task=chosen,  # type: ignore[arg-type]  # TaskSpec checks it
        vocabulary_size=vocabulary_size,
        maxlen=1,
        num_labels=labels,
    )
    found = model_info(name, spec)
    _print_info(
        found,
        f"{found.parameters:,} ({chosen}, {vocabulary_size:,} ids, {labels:,} labels)",
    )


def _print_info(found: ModelInfo, parameters: str) -> None:
    console = Console()
    console.print(f"[bold]{found.name}[/]: {found.summary}", highlight=False)
    console.print(f"tasks: {', '.join(found.tasks)}", highlight=False)
    console.print(f"parameters: {parameters}", highlight=False)
    table = Table("setting", "default")
    for setting, default in found.settings.items():
        table.add_row(setting, str(default))
    console.print(table)
