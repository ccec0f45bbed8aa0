"""Texts held out of training, to choose the best epoch by."""

from __future__ import annotations

from typing import TypeVar

from koprep.datasets import TaggedDataset, TextDataset, split_dataset

T = TypeVar("T", TextDataset, TaggedDataset)

NONE_HELD_OUT = "validation_split=0"


def hold_out(examples: T, share: float, seed: int, mend: str = NONE_HELD_OUT) -> tuple[T, T | None]:
    """Part examples to train on from a share held out; a share of 0 holds out none.

    Args:
        examples: all of them.
        share: of those to hold out, from 0 to 1.
        seed: of the choice.
        mend: what else to give where there are too few.

    Raises:
        ValueError: too few examples.
    """
    if not share:
        return examples, None
    try:
        return split_dataset(examples, share, seed)
    except ValueError as error:
        raise ValueError(too_few(len(examples), share, mend)) from error


def too_few(texts: int, share: float, mend: str = NONE_HELD_OUT) -> str:
    """Say that of so few texts none can be held out.

    >>> too_few(3, 0.1)
    '3 texts are too few to hold out 10%: give more, or validation_split=0'
    """
    return f"{texts:,} texts are too few to hold out {100 * share:g}%: give more, or {mend}"
