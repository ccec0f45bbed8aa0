"""`koprep evaluate`."""

from __future__ import annotations

import json as json_format
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from koprep.cli.examples import load_examples
from koprep.cli.options import DataDir, Json, Limit, ModelFolder, Sample, Seed

if TYPE_CHECKING:
    from koprep.zoo import Evaluation


def evaluate(
    folder: ModelFolder,
    dataset: Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")],
    data_dir: DataDir = None,
    split: Annotated[str, typer.Option(help="Which part of the dataset.")] = "test",
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
    mistakes: Annotated[
        int, typer.Option(min=0, help="How many of the most confident mistakes to show.")
    ] = 5,
    json: Json = False,
) -> None:
    """Print a trained model's figures: by label, by length, and its most confident mistakes."""
    from koprep.zoo import load as load_model

    examples = load_examples(dataset, split, data_dir, limit, sample, seed)
    result = load_model(folder).evaluate(examples, mistakes=mistakes)
    if json:
        print(json_format.dumps(result.to_dict(), ensure_ascii=False))
    else:
        _print_tables(result, f"{dataset} {split}")


def _print_tables(result: Evaluation, title: str) -> None:
    console = Console()
    console.print(
        f"{title}: accuracy {result.accuracy:.4f} on {result.examples} examples", highlight=False
    )
    console.print(_scores(result))
    console.print(_confusion(result))
    console.print(_by_length(result))
    if result.mistakes:
        console.print(_mistakes(result))


def _scores(result: Evaluation) -> Table:
    table = Table("label", title="scores by label")
    for column in ("precision", "recall", "F1", "examples"):
        table.add_column(column, justify="right")
    for row in result.labels:
        figures = (row.precision, row.recall, row.f1)
        table.add_row(row.label, *(f"{figure:.4f}" for figure in figures), str(row.support))
    return table


def _confusion(result: Evaluation) -> Table:
    table = Table("true \\ predicted", title="confusion matrix")
    for row in result.labels:
        table.add_column(row.label, justify="right")
    for row, counts in zip(result.labels, result.confusion, strict=True):
        table.add_row(row.label, *map(str, counts))
    return table


def _by_length(result: Evaluation) -> Table:
    table = Table(title="accuracy by length")
    for column in ("characters", "examples", "accuracy"):
        table.add_column(column, justify="right")
    for part in result.by_length:
        table.add_row(
            f"{part.shortest} – {part.longest}", str(part.examples), f"{part.accuracy:.4f}"
        )
    return table


def _mistakes(result: Evaluation) -> Table:
    table = Table("true", "predicted", "sure", "text", title="most confident mistakes")
    for row in result.mistakes:
        table.add_row(row.label, row.predicted, f"{row.probability:.1%}", escape(row.text))
    return table
