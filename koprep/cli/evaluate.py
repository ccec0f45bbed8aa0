"""`koprep evaluate`."""

from __future__ import annotations

import json as json_format
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
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
    json: Json = False,
) -> None:
    """Print accuracy, precision, recall, F1 and the confusion matrix of a trained model."""
    from koprep.zoo import load as load_model

    examples = load_examples(dataset, split, data_dir, limit, sample, seed)
    result = load_model(folder).evaluate(examples)
    if json:
        print(json_format.dumps(result.to_dict(), ensure_ascii=False))
    else:
        _print_tables(result, f"{dataset} {split}")


def _print_tables(result: Evaluation, title: str) -> None:
    console = Console()
    console.print(
        f"{title}: accuracy {result.accuracy:.4f} on {result.examples} examples", highlight=False
    )
    scores = Table("label", title="scores by label")
    for column in ("precision", "recall", "F1", "examples"):
        scores.add_column(column, justify="right")
    for row in result.labels:
        scores.add_row(
            row.label,
            f"{row.precision:.4f}",
            f"{row.recall:.4f}",
            f"{row.f1:.4f}",
            str(row.support),
        )
    console.print(scores)
    confusion = Table("true \\ predicted", title="confusion matrix")
    for row in result.labels:
        confusion.add_column(row.label, justify="right")
    for row, counts in zip(result.labels, result.confusion, strict=True):
        confusion.add_row(row.label, *map(str, counts))
    console.print(confusion)
