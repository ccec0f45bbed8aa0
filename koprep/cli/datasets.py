"""`koprep datasets …`."""

from __future__ import annotations

import json as json_format
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from koprep.cli.options import DataDir, Json, Limit, Sample, Seed
from koprep.cli.output import Output

if TYPE_CHECKING:
    from koprep.datasets import DatasetCard

app: typer.Typer = typer.Typer(
    help="The datasets: what they hold, and how to get them.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")]


@app.callback()
def _root() -> None:
    pass


@app.command("list")
def list_() -> None:
    """List the datasets, and whether they are here or a download away."""
    from koprep.datasets import dataset_card, list_datasets

    table = Table(box=None, pad_edge=False)
    for column in ("dataset", "splits", "rows", "licence", "here"):
        table.add_column(column, no_wrap=True, justify="right" if column == "rows" else "left")
    table.add_column("what it holds")
    for name in list_datasets():
        card = dataset_card(name)
        table.add_row(
            name,
            ", ".join(card.splits),
            f"{card.rows:,}",
            card.license,
            _here(card),
            card.title,
        )
    Output().print(table)


@app.command()
def info(name: Name, json: Json = False) -> None:
    """Print a dataset's card: licence, source, files, columns, label rule, citation."""
    from koprep.datasets import dataset_card

    card = dataset_card(name)
    if json:
        print(json_format.dumps(asdict(card), ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None)
    for key, value in _facts(card).items():
        table.add_row(key, value)
    Output().print(table, highlight=False, markup=False)


@app.command()
def download(
    name: Name,
    split: Annotated[str | None, typer.Option(help="One split; by default all.")] = None,
) -> None:
    """Download a dataset into the cache, verified, and print where its files are."""
    from koprep.datasets import dataset_card, download_dataset

    if dataset_card(name).included:
        Console(stderr=True, emoji=False).print(
            f"{name} is part of koprep: there is nothing to download"
        )
        return
    splits = None if split is None else (split,)
    for path in download_dataset(name, splits, progress=True).values():
        print(path)


@app.command()
def export(
    name: Name,
    out: Annotated[
        Path, typer.Option(help="Where to write: .csv, .tsv or .jsonl (also .gz, .xz).")
    ],
    split: Annotated[str, typer.Option(help="Which part of the dataset.")] = "train",
    data_dir: DataDir = None,
    limit: Limit = None,
    sample: Sample = None,
    seed: Seed = 0,
) -> None:
    """Write a dataset's usable examples to a file, with the names of their labels.

    Columns are text and label. Of tagged data, .jsonl holds the units and tags as lists; the
    others hold the text and its tags with a space between.
    """
    from koprep.cli.examples import load_examples
    from koprep.datasets.export import check_export, export_dataset

    check_export(out)  # before the long work
    examples = load_examples(name, split, data_dir, limit, sample, seed)
    export_dataset(examples, out)
    print(f"{len(examples)} examples in {out}")


def _here(card: DatasetCard) -> str:
    from koprep.datasets.download import cached_file

    there = [s for s in card.splits if card.included or cached_file(card, s).is_file()]
    return "yes" if len(there) == len(card.splits) else ", ".join(there) or "no"


def _cache(card: DatasetCard) -> Path:
    from koprep.datasets.download import data_home

    return data_home() / card.name


def _facts(card: DatasetCard) -> dict[str, str]:
    allowed: Any = card.commercial_use
    if isinstance(allowed, bool):
        allowed = "yes" if allowed else "no"
    facts = {
        "name": f"{card.name}: {card.title}",
        "holds": card.description,
        "licence": card.license,
        "commercial use": allowed,
        "source": f"{card.source} at {card.revision}" if card.revision else card.source,
        "here": "part of koprep" if card.included else f"{_here(card)} (in {_cache(card)})",
    }
    for split, file in card.files.items():
        facts[f"split {split}"] = f"{file.rows:,} rows" + (
            f", {file.name}, git blob {file.blob}" if file.blob else ""
        )
    facts |= {f"column {column}": meaning for column, meaning in card.columns.items()}
    facts |= {"labels": ", ".join(card.label_names) or "none", "label rule": card.label_rule}
    facts |= {f"option {option}": meaning for option, meaning in card.options.items()}
    return facts | {"citation": card.citation}
