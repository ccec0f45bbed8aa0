"""Splits that keep the shares of the labels and put no text on both sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from koprep.texts import iter_texts, text_key

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
    labels = dataset.labels if isinstance(dataset, TextDataset) else None
    kept, held_out = split_rows(_texts(dataset), fraction, seed, labels=labels)
    return dataset.take(kept), dataset.take(held_out)


def split_rows(
    texts: Sequence[str],
    fraction: float,
    seed: int = 0,
    *,
    labels: npt.NDArray[np.integer] | None = None,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the rows of the two parts that `split_dataset` makes, each in rising order.

    Args:
        texts: raw.
        fraction: share of the second part, between 0 and 1.
        seed: of the choice.
        labels: whole numbers, shape (texts,); None for texts without.

    >>> split_rows(["가", "나", "가", "다"], 0.5)
    (array([0, 2]), array([1, 3]))

    Raises:
        ValueError: what `split_dataset` raises.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"fraction must be between 0 and 1, got {fraction}")
    if labels is not None and len(labels) != len(texts):
        raise ValueError(f"{len(texts)} texts need as many labels, got {len(labels)}")
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(iter_texts(texts)):
        groups[text_key(text)].append(row)
    strata: defaultdict[int, list[list[int]]] = defaultdict(list)
    for rows in groups.values():
        strata[_label(labels, rows)].append(rows)
    rng = np.random.default_rng(seed)
    chosen: list[int] = []
    for _, stratum in sorted(strata.items()):
        chosen += _choose(stratum, fraction, rng)
    if not chosen:  # of each label there are too few for a share of its own
        chosen = _choose(list(groups.values()), fraction, rng)
    if not chosen or len(chosen) == len(texts):
        raise ValueError(
            f"{len(texts)} examples of {len(groups)} different texts are too few to split off "
            f"{100 * fraction:g}%: give more, or another fraction"
        )
    held_out = np.zeros(len(texts), bool)
    held_out[chosen] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def _choose(groups: list[list[int]], fraction: float, rng: np.random.Generator) -> list[int]:
    """Return the rows of groups chosen at random, as near to the share as whole groups come."""
    chosen: list[int] = []
    due = round(fraction * sum(map(len, groups)))
    for index in rng.permutation(len(groups)):
        if len(groups[index]) <= due - len(chosen):
            chosen += groups[index]
    return chosen


def _texts(dataset: TextDataset | TaggedDataset) -> tuple[str, ...]:
    return dataset.texts if isinstance(dataset, TextDataset) else dataset.raw_texts


def _label(labels: npt.NDArray[np.integer] | None, rows: list[int]) -> int:
    """Return the label of most of the rows, which hold one text; 0 without labels."""
    if labels is None:
        return 0
    ((label, _),) = Counter(sorted(labels[rows].tolist())).most_common(1)
    return int(label)
