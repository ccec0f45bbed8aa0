"""Encoded datasets as PyTorch reads them."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .encoded import check_batch_size

if TYPE_CHECKING:
    from .encoded import EncodedDataset


def data_loader(dataset: EncodedDataset, batch_size: int, seed: int | None) -> Any:
    """Return a `DataLoader` of the dataset's own batches; see `EncodedDataset.to_torch`."""
    try:
        torch = importlib.import_module("torch")
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError(
            "to_torch needs PyTorch: pip install torch", name=error.name
        ) from error
    # No batch_size of its own: each item of the sampler is a batch's rows.
    sampler = _RowSampler(dataset, batch_size, seed)
    return torch.utils.data.DataLoader(_Batches(dataset), batch_size=None, sampler=sampler)


class _Batches:
    """Gives the batch of some rows."""

    def __init__(self, dataset: EncodedDataset) -> None:
        self._dataset = dataset

    def __getitem__(self, rows: npt.NDArray[np.intp]) -> tuple[npt.NDArray[Any], ...]:
        token_ids, labels, weight = self._dataset.batch(rows)
        integers = (token_ids.astype(np.int64), labels.astype(np.int64))
        return integers if weight is None else (*integers, np.ascontiguousarray(weight))


class _RowSampler:
    """Gives the rows of one batch after the other, each pass in another order."""

    def __init__(self, dataset: EncodedDataset, batch_size: int, seed: int | None) -> None:
        check_batch_size(batch_size)
        self._dataset = dataset
        self._batch_size = batch_size
        self._seeds = itertools.repeat(None) if seed is None else itertools.count(seed)

    def __len__(self) -> int:
        return self._dataset.num_batches(self._batch_size)

    def __iter__(self) -> Iterator[npt.NDArray[np.intp]]:
        return self._dataset.row_batches(self._batch_size, seed=next(self._seeds))
