"""Datasets as files that other programs read: CSV, TSV and JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from koprep.records.base import json_line
from koprep.records.files import format_of, open_output

from .examples import TaggedDataset, TextDataset

FORMATS = ("csv", "tsv", "jsonl")


def check_export(path: Path) -> str:
    """Return the format that a file's name asks for.

    Raises:
        FileNotFoundError: its folder is missing.
        ValueError: the name tells none of `FORMATS`.

    >>> check_export(Path("reviews.csv.gz"))
    'csv'
    """
    found = format_of(path)
    if found not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise ValueError(f"{path}: datasets are written to files that end in {endings} (.gz, .xz)")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path}: there is no folder {path.parent}; make it first")
    return found


def export_dataset(dataset: TextDataset | TaggedDataset, path: Path) -> None:
    """Write a dataset's examples, in order; the file appears when it is complete.

    Columns: `text` and, with labels, `label` (its name). Of tagged texts JSON lines hold `units`
    and `tags` as lists, CSV and TSV hold `text` and `tags` with a space between two tags.

    Raises:
        FileNotFoundError: the file's folder is missing.
        ValueError: the name tells no format, or a text for TSV holds a tab or a line end.
    """
    kind = check_export(path)
    with open_output(path) as stream:
        if kind == "jsonl":
            for row in _objects(dataset):
                stream.write(json_line(row))
            return
        with _utf8(stream) as lines:
            if kind == "csv":
                plain = csv.writer(lines, lineterminator="\n")
                quoted = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL)
                for cells in _cells(dataset):  # Python < 3.13 forgets to quote carriage returns
                    (quoted if "\r" in "".join(cells) else plain).writerow(cells)
                return
            for number, cells in enumerate(_cells(dataset)):
                if any(mark in cell for cell in cells for mark in "\t\n\r"):
                    raise ValueError(
                        f"example {number}: {cells[0][:40]!r} holds a tab or a line end, which TSV "
                        "cannot; write .csv or .jsonl"
                    )
                lines.write("\t".join(cells) + "\n")


def _objects(dataset: TextDataset | TaggedDataset) -> Iterator[dict[str, Any]]:
    if isinstance(dataset, TaggedDataset):
        for units, tags in zip(dataset.texts, dataset.tags, strict=True):
            yield {"units": units, "tags": [dataset.tag_names[tag] for tag in tags]}
    else:
        header, *rows = _cells(dataset)
        for row in rows:
            yield dict(zip(header, row, strict=True))


def _cells(dataset: TextDataset | TaggedDataset) -> Iterator[tuple[str, ...]]:
    """Yield the header, then the rows."""
    if isinstance(dataset, TaggedDataset):
        yield ("text", "tags")
        for text, tags in zip(dataset.raw_texts, dataset.tags, strict=True):
            yield (text, " ".join(dataset.tag_names[tag] for tag in tags))
    elif dataset.labels is None:
        yield ("text",)
        yield from ((text,) for text in dataset.texts)
    else:
        yield ("text", "label")
        for text, label in zip(dataset.texts, dataset.labels.tolist(), strict=True):
            yield (text, dataset.label_names[label])


@contextmanager
def _utf8(stream: Any) -> Iterator[TextIO]:
    wrapped = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield wrapped
    finally:
        wrapped.detach()
