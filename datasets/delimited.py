"""Reading of tab-separated corpora: the shared part of the readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from koprep.textfile import read_text

from .examples import SkippedRow, TextDataset

LabelRule = Callable[[str], int | None]
"""The label of a row by one of its columns; None drops the row on purpose. A `ValueError` it
raises says which values are known."""


def read_labelled(
    path: Path,
    *,
    columns: Sequence[str],
    header: bool,
    text_column: str,
    label_column: str,
    label_rule: LabelRule,
    label_names: tuple[str, ...],
    name: str,
    split: str,
) -> TextDataset:
    """Read a tab-separated file of labelled texts.

    A row with too few or too many columns, or without a text, becomes a `SkippedRow`; a label
    that `label_rule` does not know is an error, for it changes what the data means.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is empty, has another header or encoding, a label is unknown, or no
            row is usable.
    """
    check_file(path, name)
    lines = _lines(read_text(path))
    if header:
        _, first = next(lines, (1, ""))
        if first.split("\t") != list(columns):
            raise ValueError(
                f"{path} line 1: expected the header {' '.join(columns)} "
                f"(tab-separated), got {first[:60]!r}"
            )
    text_at, label_at = columns.index(text_column), columns.index(label_column)
    texts: list[str] = []
    labels: list[int] = []
    skipped: list[SkippedRow] = []
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != len(columns):
            reason = f"{len(cells)} columns where {len(columns)} are due ({', '.join(columns)})"
            skipped.append(SkippedRow(number, reason))
        elif not cells[text_at].strip():
            skipped.append(SkippedRow(number, f"no {text_column}"))
        else:
            try:
                label = label_rule(cells[label_at])
            except ValueError as error:
                raise ValueError(f"{path} line {number}: {label_column} {error}") from None
            if label is not None:
                texts.append(cells[text_at])
                labels.append(label)
    if not texts:
        problem = f"; {skipped[0]}" if skipped else ""
        raise ValueError(f"{path} holds no usable row of {', '.join(columns)}{problem}")
    return TextDataset(
        texts=tuple(texts),
        labels=np.array(labels, np.int32),
        label_names=label_names,
        name=name,
        split=split,
        skipped=tuple(skipped),
    )


def check_file(path: Path, name: str) -> None:
    """Refuse a dataset's file that is not there.

    Raises:
        FileNotFoundError: the message says how to give another folder.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"dataset {name!r}: no file {path}; give its folder as data_dir (--data-dir), or "
            "leave that out to download it"
        )


def known_label(labels: Mapping[str, int]) -> Callable[[str], int]:
    """Return the rule that looks a label up in a table and refuses all others.

    >>> known_label({"0": 0, "1": 1})("1")
    1
    """

    def rule(value: str) -> int:
        if value not in labels:
            raise ValueError(f"{value!r} is not one of {', '.join(labels)}")
        return labels[value]

    return rule


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield numbered lines; only line feeds end them, for reviews hold stranger separators."""
    for number, line in enumerate(text.split("\n"), 1):
        if line := line.removesuffix("\r"):
            yield number, line
