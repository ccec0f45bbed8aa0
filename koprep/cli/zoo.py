"""`koprep zoo …`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from koprep.cli.options import ModelArgument, Seed
from koprep.cli.output import Output

if TYPE_CHECKING:
    from koprep.zoo import ModelInfo

COMMANDS = {
    "classifier": "koprep predict",
    "generator": "koprep generate",
    "tagger": "koprep tag",
}
"""A bundle's kind -> the command that uses it."""

app: typer.Typer = typer.Typer(help="The models.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_(
    pattern: Annotated[
        str, typer.Argument(help="Only names that match, * standing for any letters.")
    ] = "*",
    task: Annotated[str | None, typer.Option(help="Only models that serve this task.")] = None,
    pretrained: Annotated[
        bool, typer.Option("--pretrained", help="List the models that come trained with koprep.")
    ] = False,
) -> None:
    """List the models that can be trained, or those that come trained."""
    if pretrained:
        if task is not None:
            raise ValueError("--task is for models to train; leave it out with --pretrained")
        _print_pretrained(pattern)
        return
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
    Output().print(table)


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


@app.command("card")
def card(
    model: ModelArgument,
) -> None:
    """Show a model's card: what it was made of, how good it is, and where it fails."""
    from koprep.bundle import read_bundle
    from koprep.zoo.loading import model_folder
    from koprep.zoo.saving import CARD_FILE

    text = read_bundle(model_folder(model)).read_text(CARD_FILE)
    console = Output()
    if console.is_terminal:
        from rich.markdown import Markdown  # slow to import

        console.print(Markdown(text))
    else:
        print(text, end="")


@app.command("reproduce")
def reproduce(
    name: Annotated[
        str, typer.Argument(help="A recipe, such as review-sentiment; a wrong name lists all.")
    ],
    data_dir: Annotated[
        Path,
        typer.Option(help="Holds a folder for each dataset: nsmc, naver_shopping, klue_ner, …"),
    ],
    out: Annotated[Path, typer.Option(help="Folder to save the trained model to.")],
    cache_dir: Annotated[
        Path | None,
        typer.Option(help="Keep tokens here, so that another run need not cut the texts again."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a training that was stopped.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Train a model that comes with koprep again, and compute the figures of its card."""
    from koprep.bundle import check_target
    from koprep.zoo import CheckpointConfig
    from koprep.zoo.release import reproduce as train_again
    from koprep.zoo.reproduction import Work

    check_target(out)
    checkpoints = CheckpointConfig(
        folder=out.with_name(f"{out.name}.checkpoint"), resume=resume, keep=True
    )
    checkpoints.check()
    work = Work(
        data_dir=data_dir,
        cache_dir=cache_dir,
        checkpoints=checkpoints,
        progress=True,
        seed=seed,
    )
    figures = train_again(name, work, out)
    checkpoints.remove()
    for figure in figures:
        low, high = figure.interval
        print(f"{figure.what}: {figure.value:.4f} [{low:.4f}, {high:.4f}]")


def _print_pretrained(pattern: str) -> None:
    from koprep.zoo.pretrained_models import PRETRAINED

    table = Table("model", "what it does", "size", "licence", "used by")
    for found in PRETRAINED.values():
        if fnmatchcase(found.name, pattern):
            size = f"{found.size_bytes / 1e6:.1f} MB"
            table.add_row(found.name, found.summary, size, found.license, COMMANDS[found.kind])
    Output().print(table)


def _print_info(found: ModelInfo, parameters: str) -> None:
    console = Output()
    console.print(f"[bold]{found.name}[/]: {found.summary}", highlight=False)
    console.print(f"tasks: {', '.join(found.tasks)}", highlight=False)
    console.print(f"parameters: {parameters}", highlight=False)
    table = Table("setting", "default")
    for setting, default in found.settings.items():
        table.add_row(setting, str(default))
    console.print(table)
