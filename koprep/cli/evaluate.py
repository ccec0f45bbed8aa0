"""`koprep evaluate`."""

from __future__ import annotations

import json as json_format
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.markup import escape
from rich.table import Table

from koprep.cli.examples import load_examples
from koprep.cli.options import DataDir, Json, Limit, ModelArgument, Sample, Seed
from koprep.cli.output import Output
from koprep.cli.pictures import tell_pictures

if TYPE_CHECKING:
    from koprep.zoo import Evaluation, SpanEvaluation


def evaluate(
    model: ModelArgument,
    dataset: Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")],
    data_dir: DataDir = None,
    split: Annotated[str, typer.Option(help="Which part of the dataset.")] = "test",
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
    mistakes: Annotated[
        int, typer.Option(min=0, help="How many of the most confident mistakes to show.")
    ] = 5,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Draw a classifier's confusion matrix or a tagger's F1 by label as a PNG into "
            "this folder.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Print a trained model's figures on a dataset.

    A classifier's are told by label and by length, with its most confident mistakes; a tagger's
    by label, a span right or wrong as a whole; a generator has a perplexity.
    """
    from koprep.datasets import TaggedDataset
    from koprep.zoo import TextGenerator, load
    from koprep.zoo.recipes import check_task
    from koprep.zoo.tagged import Tagger

    if pictures is not None:
        from koprep.zoo.plots import import_matplotlib

        import_matplotlib()  # before the long work
    examples = load_examples(dataset, split, data_dir, limit, sample, seed)
    estimator = load(model)
    title = f"{dataset} {split}"
    if isinstance(estimator, TextGenerator):
        if pictures is not None:
            raise ValueError("a generator's perplexity has no picture: leave --pictures out")
        texts = examples.raw_texts if isinstance(examples, TaggedDataset) else examples.texts
        _print_perplexity(estimator.perplexity(texts), len(texts), title, json)
        return
    if isinstance(estimator, Tagger):
        check_task("tagging", examples)
        spans = estimator.evaluate(cast("TaggedDataset", examples))
        _print(spans, json, lambda: _print_spans(spans, title))
        _draw(spans, pictures)
        return
    check_task("classification", examples)
    result = estimator.evaluate(examples, mistakes=mistakes)
    _print(result, json, lambda: _print_tables(result, title))
    _draw(result, pictures)


def _draw(result: Evaluation | SpanEvaluation, folder: Path | None) -> None:
    if folder is not None:
        from koprep.zoo.pictures import draw_evaluation

        tell_pictures(draw_evaluation(folder, result))


def _print(result: Evaluation | SpanEvaluation, json: bool, tables: Callable[[], None]) -> None:
    if json:
        print(json_format.dumps(result.to_dict(), ensure_ascii=False))
    else:
        tables()


def _print_perplexity(perplexity: float, texts: int, title: str, json: bool) -> None:
    if json:
        print(json_format.dumps({"texts": texts, "perplexity": perplexity}))
    else:
        print(f"{title}: perplexity {perplexity:.2f} on {texts} texts")


def _print_spans(result: SpanEvaluation, title: str) -> None:
    console = Output()
    console.print(
        f"{title}: strict span F1 {result.micro.f1:.4f} on {result.texts} texts", highlight=False
    )
    table = Table("label", title="scores of whole spans")
    for column in ("precision", "recall", "F1", "spans"):
        table.add_column(column, justify="right")
    for row in (*result.labels, result.micro, result.macro):
        figures = (row.precision, row.recall, row.f1)
        table.add_row(escape(row.label), *(f"{figure:.4f}" for figure in figures), str(row.support))
    console.print(table)


def _print_tables(result: Evaluation, title: str) -> None:
    console = Output()
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
        table.add_row(escape(row.label), *(f"{figure:.4f}" for figure in figures), str(row.support))
    return table


def _confusion(result: Evaluation) -> Table:
    table = Table("true \\ predicted", title="confusion matrix")
    for row in result.labels:
        table.add_column(escape(row.label), justify="right")
    for row, counts in zip(result.labels, result.confusion, strict=True):
        table.add_row(escape(row.label), *map(str, counts))
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
        table.add_row(
            escape(row.label), escape(row.predicted), f"{row.probability:.1%}", escape(row.text)
        )
    return table
