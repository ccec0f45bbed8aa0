"""`TrainingData`: what a network is trained on and judged by, wherever the examples lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .encoded import Batch, TaskSpec


class TrainingData(Protocol):
    """Encoded examples, served in batches: an `EncodedDataset` or a `ShardedDataset`."""

    @property
    def spec(self) -> TaskSpec:
        """What a model needs to know of them."""

    @property
    def min_width(self) -> int | None:
        """Columns of a batch, at least; None cuts it to its longest row."""

    def __len__(self) -> int: ...

    def num_batches(self, batch_size: int) -> int:
        """Return how many batches a pass has."""

    def row_batches(
        self, batch_size: int, *, seed: int | None = None
    ) -> Iterator[npt.NDArray[np.intp]]:
        """Yield the rows of each batch of one pass, every row once; a seed decides the order."""

    def batch(self, rows: npt.NDArray[np.integer]) -> Batch:
        """Return the examples at `rows`, cut to their own longest row (at least one column)."""

    def iter_lengths(self) -> Iterator[npt.NDArray[np.int64]]:
        """Yield the rows' lengths, in order, as many at a time as lie in memory together."""

    def label_counts(self) -> npt.NDArray[np.int64]:
        """Return how many examples have each label, int64, shape (num_labels,)."""

    def digest(self) -> str:
        """Return a short name for the content: 16 hexadecimal digits."""

    def with_min_width(self, columns: int) -> Self:
        """Return the same examples in batches of so many columns at least."""
