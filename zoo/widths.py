"""How wide a network's batches are, and how many rows they hold when nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from koprep.datasets import TaskSpec
from koprep.padding import Ragged, pad_sequences, row_lengths

from .network import Network, Probabilities, TokenIds, check_answer

if TYPE_CHECKING:
    from koprep.datasets import TrainingData

OUTPUT_NUMBERS = 1 << 24
"""Numbers a network answers a batch with, at most, where it has more than one row; 64 MiB."""


Data = TypeVar("Data", bound="TrainingData")


def as_read(network: Network, dataset: Data, maxlen: int) -> Data:
    """Return the dataset in batches as wide as the network has to read them.

    An answer must not depend on the other rows of a batch: a network that does not mask PAD always
    reads as many columns as a row of its training has.

    Args:
        network: reads the dataset.
        dataset: the examples, of `maxlen` columns at least.
        maxlen: columns of a row in training.
    """
    return dataset if network.masks_padding else dataset.with_min_width(maxlen)


def answers(
    network: Network, spec: TaskSpec, token_ids: TokenIds | Ragged, batch_size: int
) -> Iterator[tuple[npt.NDArray[np.intp], Probabilities]]:
    """Yield rows of like length together, and what the network gives them.

    Args:
        network: reads them.
        spec: of its training.
        token_ids: int32, shape (rows, tokens), PAD on the left, of `spec.maxlen` columns at least;
            or rows of any length, of which each batch is padded alone.
        batch_size: rows that are read together, at most.

    Raises:
        ValueError: what the network gives is no answer; see `check_answer`.
    """
    lengths = token_ids.lengths if isinstance(token_ids, Ragged) else row_lengths(token_ids)
    min_width = None if network.masks_padding else spec.maxlen
    for rows in like_lengths(lengths, spec, batch_size, min_width):
        width = max(1, min_width or 0, int(lengths[rows].max()))
        if isinstance(token_ids, Ragged):
            chosen = pad_sequences(Ragged.from_rows([token_ids[row] for row in rows]), width)
        else:
            chosen = token_ids[rows, -width:]
        yield rows, check_answer(network.probabilities(chosen), spec)


def length_batches(dataset: TrainingData, batch_size: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield a dataset's rows of like length together; see `like_lengths`."""
    start = 0
    for lengths in dataset.iter_lengths():
        for rows in like_lengths(lengths, dataset.spec, batch_size, dataset.min_width):
            yield start + rows
        start += len(lengths)


def like_lengths(
    lengths: npt.NDArray[np.integer], spec: TaskSpec, batch_size: int, min_width: int | None
) -> Iterator[npt.NDArray[np.intp]]:
    """Yield rows of like length together, the shortest first.

    A batch has `batch_size` rows at most, and fewer where a network's answer to them would have
    more than `OUTPUT_NUMBERS` numbers. With a `min_width`, longer rows share a batch with rows of
    their own length alone.
    """
    order = np.argsort(lengths, kind="stable")
    widths = np.maximum(lengths[order], min_width or 1)
    numbers = spec.num_labels * (widths if spec.per_token else np.ones_like(widths))
    start = 0
    for end in range(1, len(order) + 1):
        full = end == len(order) or (
            end - start == batch_size
            or (end - start + 1) * numbers[end] > OUTPUT_NUMBERS
            or (min_width is not None and widths[end] != widths[start])
        )
        if full:
            yield order[start:end]
            start = end
