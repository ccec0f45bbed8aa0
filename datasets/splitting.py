"""Splits that keep the shares of the labels and put no text on both sides."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import TypeVar

import numpy as np

from .examples import TaggedDataset, TextDataset

Examples = TypeVar("Examples", TextDataset, TaggedDataset)


def split_dataset(dataset: Examples, fraction: float, seed: int = 0) -> tuple[Examples, Examples]:
    """Split a dataset in two, for training and for validation.

    Texts that differ in spaces or Unicode form only count as one, and stay together; what was seen
    in training is never what a model is judged by. Each label has the same share on both sides, as
    far as whole texts allow. Both sides keep the order of the examples.

    Args:
        dataset: texts or tagged texts.
        fraction: share of the second part, between 0 and 1.
        seed: of the choice.

    >>> whole = TextDataset(texts=("가", "나", "가", "다"))
    >>> train, validation = split_dataset(whole, 0.5)
    >>> set(train.texts) & set(validation.texts)
    set()

    Raises:
        ValueError: `fraction` is not between 0 and 1, or a part would be empty.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"fraction must be between 0 and 1, got {fraction}")
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(_texts(dataset)):
        groups[_key(text)].append(row)
    strata: defaultdict[int, list[list[int]]] = defaultdict(list)
    for rows in groups.values():
        strata[_label(dataset, rows)].append(rows)
    rng = np.random.default_rng(seed)
    chosen: list[int] = []
    for _, stratum in sorted(strata.items()):
        due = round(fraction * sum(map(len, stratum)))
        for index in rng.permutation(len(stratum)):
            rows = stratum[index]
            if len(rows) <= due:
                chosen += rows
                due -= len(rows)
    if not chosen or len(chosen) == len(dataset):
        raise ValueError(
            f"{len(dataset)} examples of {len(groups)} different texts are too few to split off "
            f"{fraction:.0%}: give more, or another fraction"
        )
    held_out = np.zeros(len(dataset), bool)
    held_out[chosen] = True
    return dataset.take(np.flatnonzero(~held_out)), dataset.take(np.flatnonzero(held_out))


def _texts(dataset: TextDataset | TaggedDataset) -> tuple[str, ...]:
    return dataset.texts if isinstance(dataset, TextDataset) else dataset.raw_texts


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _label(dataset: TextDataset | TaggedDataset, rows: list[int]) -> int:
    """Return the label of most of the rows, which hold one text; 0 without labels."""
    if not isinstance(dataset, TextDataset) or dataset.labels is None:
        return 0
    ((label, _),) = Counter(sorted(dataset.labels[rows].tolist())).most_common(1)
    return int(label)
