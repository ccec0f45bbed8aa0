"""How wide a model's batches are, and how many rows they hold when nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import EncodedDataset

OUTPUT_NUMBERS = 1 << 24
"""Numbers a model answers a batch with, at most, where it has more than one row; 64 MiB."""


def masks_padding(model: Any) -> bool:
    """Return whether a Keras model passes over PAD."""
    return any(getattr(layer, "mask_zero", False) for layer in model.layers)


def as_read(model: Any, dataset: EncodedDataset, maxlen: int) -> EncodedDataset:
    """Return the dataset in batches as wide as the model has to read them.

    An answer must not depend on the other rows of a batch: a model that does not mask PAD always
    reads as many columns as a row of its training has.

    Args:
        model: a Keras model.
        dataset: the examples, of `maxlen` columns at least.
        maxlen: columns of a row in training.
    """
    return dataset if masks_padding(model) else replace(dataset, min_width=maxlen)


def length_batches(dataset: EncodedDataset, batch_size: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield rows of like length together, the shortest first.

    A batch has `batch_size` rows at most, and fewer where a model's answer to them would have more
    than `OUTPUT_NUMBERS` numbers. Where a batch has a `min_width`, longer rows share one with rows
    of their own length alone.
    """
    lengths = dataset.lengths
    order = np.argsort(lengths, kind="stable")
    widths = np.maximum(lengths[order], dataset.min_width or 1)
    numbers = dataset.spec.num_labels * (widths if dataset.spec.per_token else np.ones_like(widths))
    start = 0
    for end in range(1, len(order) + 1):
        full = end == len(order) or (
            end - start == batch_size
            or (end - start + 1) * numbers[end] > OUTPUT_NUMBERS
            or (dataset.min_width is not None and widths[end] != widths[start])
        )
        if full:
            yield order[start:end]
            start = end
