"""Where rows come from: texts in memory, or a file through `koprep.records`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from koprep.records import BadRow, Progress
from koprep.records.base import Record, check_columns
from koprep.records.files import open_input
from koprep.records.reading import open_reader
from koprep.texts import MISSING, iter_texts, short

TRAIN, TEST = "train", "test"
TRAINING_NAMES = frozenset({TRAIN, "training", "학습", "훈련"})
"""How a split column calls the training part, in lower case."""


class Row(NamedTuple):
    """A text, its label and where it stands."""

    number: int
    text: str
    label: str | None = None
    """None: the part has no labels; "": one is due and missing."""
    split: str = TRAIN


class Unreadable(NamedTuple):
    """A row that holds no text to profile."""

    number: int
    reason: str
    row: str
    """The row as it stands in the file."""
    split: str = TRAIN
    """"" where the row should say it and cannot."""


def is_training(split: str) -> bool:
    """Tell whether a split is the one to learn from.

    >>> is_training("Train"), is_training("validation")
    (True, False)
    """
    return label_name(split).casefold() in TRAINING_NAMES


def rows_of(texts: Iterable[str], labels: Iterable[Any] | None, split: str) -> Iterator[Row]:
    """Pair texts with their labels, numbered from 0.

    Raises:
        TypeError: texts or labels are one bare string; while iterating, a text is none.
        ValueError: while iterating, there is not one label for each text.
    """
    checked = iter_texts(texts)
    if labels is None:
        return (Row(number, text, None, split) for number, text in enumerate(checked))
    if isinstance(labels, str | bytes):
        raise TypeError(f"expected one label for each text, got one string {short(labels)}")
    to_list = getattr(labels, "to_pylist", None)  # Arrow's own items do not print as values
    return _paired(checked, to_list() if to_list else labels, split)


def _paired(texts: Iterator[str], labels: Iterable[Any], split: str) -> Iterator[Row]:
    end = object()
    for number, (text, label) in enumerate(zip_longest(texts, labels, fillvalue=end)):
        if text is end or label is end:
            fewer = "texts" if text is end else "labels"
            raise ValueError(f"{split}: there are only {number} {fewer}: give each text one label")
        yield Row(number, str(text), label_name(label), split)


def label_name(value: Any) -> str:
    """Write a label as text, composed (NFC), "" where it is missing.

    >>> label_name(1), label_name(float("nan")), label_name(" 긍정 ")
    ('1', '', '긍정')
    """
    name = unicodedata.normalize("NFC", str(value).strip())
    return "" if not isinstance(value, str) and name in MISSING else name


def read_rows(
    path: Path | None,
    *,
    column: str | None = None,
    label: str | None = None,
    split_column: str | None = None,
    split: str = TRAIN,
    format: str | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Row | Unreadable]:
    r"""Yield the rows of a file, or of standard input for None, as they are asked for.

    Takes the formats of `koprep.records`. A row that holds no text, or no split where
    `split_column` is given, comes as `Unreadable`.

    Args:
        path: the file.
        column: the column of texts; None for plain text.
        label: the column of labels.
        split_column: the column that says which split a row belongs to.
        split: the split of all rows, without `split_column`.
        format: where the file's name does not tell.
        encoding: None tells UTF-8 from CP949.
        progress: is told how far the reading is, once a row.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: a column, format or encoding is wrong or can't be told.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("text,label\n좋아요,1\n별로\n", encoding="utf-8")
    >>> for row in read_rows(path, column="text", label="label"):
    ...     print(row[:3])
    (2, '좋아요', '1')
    (3, 'columns due: 2 (text, label), columns found: 1', '별로')
    """
    with open_input(path, format) as source:
        names = {"--label": label, "--split": split_column}
        given = {option: name for option, name in names.items() if name is not None}
        if source.format == "txt" and given:
            raise ValueError(
                f"{source.name} is read as lines of text, which have no columns: "
                f"leave out {next(iter(given))}, or give --format"
            )
        reader = open_reader(source, column=column, encoding=encoding)
        unseen = dict(given)
        if reader.columns is not None:  # the objects of JSON lines may differ in theirs
            for name in unseen.values():
                check_columns(list(reader.columns), name, None, source.name)
            unseen = {}
        rows = 0
        for item in reader:
            rows += 1
            if isinstance(item, BadRow):
                yield Unreadable(item.line, item.reason, item.row, "" if split_column else split)
            else:
                if unseen:
                    unseen = {o: name for o, name in unseen.items() if name not in item.row}
                yield _row(item, label, split_column, split)
            if progress is not None:
                progress(reader.position, source.size, rows)
        for option, name in unseen.items():
            if rows:
                raise ValueError(f"{source.name}: no row has a column {name!r}; mend {option}")


def _row(item: Record, label: str | None, split_column: str | None, split: str) -> Row | Unreadable:
    if split_column is not None:
        split = label_name(item.value(split_column))
        if not split:
            reason = f"column {split_column!r} names no split"
            return Unreadable(item.line, reason, item.text, "")
    name = None if label is None else label_name(item.value(label))
    return Row(item.line, item.text, name, split)
