"""`EncodedDataset` and `TaskSpec`: the contract between preprocessing and models."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, get_args

import numpy as np
import numpy.typing as npt

from koprep.padding import PAD_ID, row_lengths

if TYPE_CHECKING:
    import tensorflow as tf

Task = Literal["classification", "next_token", "language_model", "tagging"]

PER_TOKEN_TASKS = frozenset({"language_model", "tagging"})
"""Tasks with a label at every token (many-to-many)."""

WORD_TASKS = frozenset({"next_token", "language_model"})
"""Tasks whose labels are token ids."""

CHECKED_ROWS = 1 << 14
"""Rows checked at a time, so that data on disk is never in memory whole."""

POOL_BATCHES = 64
"""Shuffled batches are sorted by length within pools of this many batches."""


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """All a model needs to know of its data.

    >>> TaskSpec(task="next_token", vocabulary_size=12, maxlen=5, num_labels=12).per_token
    False
    """

    task: Task
    vocabulary_size: int
    """Ids, PAD and OOV included."""
    maxlen: int
    """Tokens a row, at most."""
    num_labels: int
    label_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "label_names", tuple(self.label_names))
        if self.task not in get_args(Task):
            raise ValueError(f"task must be one of {', '.join(get_args(Task))}, got {self.task!r}")
        for name, least in (("vocabulary_size", 1), ("maxlen", 1), ("num_labels", 2)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")
        if self.task in WORD_TASKS and self.num_labels != self.vocabulary_size:
            raise ValueError(
                f"{self.task} predicts tokens: num_labels must be vocabulary_size "
                f"({self.vocabulary_size}), got {self.num_labels}"
            )
        if self.label_names and len(self.label_names) != self.num_labels:
            raise ValueError(f"{self.num_labels} labels need as many names: {self.label_names}")

    @property
    def per_token(self) -> bool:
        """Whether there is a label at every token."""
        return self.task in PER_TOKEN_TASKS


class Batch(NamedTuple):
    """Some rows of an `EncodedDataset`, cut to their longest."""

    token_ids: npt.NDArray[np.int32]
    labels: npt.NDArray[np.int32]
    sample_weight: npt.NDArray[np.float32] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class EncodedDataset:
    """Examples as arrays, checked once.

    >>> dataset = EncodedDataset(
    ...     spec=TaskSpec(task="next_token", vocabulary_size=12, maxlen=3, num_labels=12),
    ...     token_ids=np.array([[0, 0, 2], [0, 2, 3]], np.int32),
    ...     labels=np.array([3, 1], np.int32),
    ... )
    >>> [batch.token_ids.tolist() for batch in dataset.batches(1)]
    [[[2]], [[2, 3]]]

    Raises:
        ValueError: a shape, dtype or value that the task does not allow, named with its row.
    """

    spec: TaskSpec
    token_ids: npt.NDArray[np.int32]
    """int32, shape (n, maxlen), PAD on the left."""
    labels: npt.NDArray[np.int32]
    """int32, shape (n,), or (n, maxlen) for the tasks with a label at every token."""
    sample_weight: npt.NDArray[np.float32] | None = None
    """float32, shape (n, maxlen), 0 at PAD; only for the tasks with a label at every token."""
    min_width: int | None = None
    """Columns of a batch, at least; None cuts it to its longest row. A model that does not mask
    PAD needs rows as wide as those it was trained on."""

    def __post_init__(self) -> None:
        rows = len(self.token_ids)
        row_shape = (rows, self.spec.maxlen)
        label_shape = row_shape if self.spec.per_token else (rows,)
        _check_array("token_ids", self.token_ids, np.dtype(np.int32), row_shape)
        _check_array("labels", self.labels, np.dtype(np.int32), label_shape)
        if (self.sample_weight is not None) != self.spec.per_token:
            needs = "needs a" if self.spec.per_token else "takes no"
            raise ValueError(f"{self.spec.task} {needs} sample_weight")
        if self.sample_weight is not None:
            _check_array("sample_weight", self.sample_weight, np.dtype(np.float32), row_shape)
        for start in range(0, rows, CHECKED_ROWS):
            self._check_rows(start, start + CHECKED_ROWS)

    def _check_rows(self, start: int, end: int) -> None:
        token_ids = self.token_ids[start:end]
        _check_range("token_ids", token_ids, self.spec.vocabulary_size, start)
        _check_range("labels", self.labels[start:end], self.spec.num_labels, start)
        is_pad = token_ids == PAD_ID
        inner = np.flatnonzero((is_pad[:, 1:] & ~is_pad[:, :-1]).any(axis=1))
        if len(inner):
            raise ValueError(f"token_ids row {start + inner[0]}: PAD must stand on the left only")
        if self.sample_weight is not None:
            weight = self.sample_weight[start:end]
            if not np.isfinite(weight).all():
                row = start + np.argwhere(~np.isfinite(weight))[0][0]
                raise ValueError(f"sample_weight row {row}: must be finite")
            weighted = np.flatnonzero((weight * is_pad).any(axis=1))
            if len(weighted):
                raise ValueError(f"sample_weight row {start + weighted[0]}: must be 0 at PAD")

    def __len__(self) -> int:
        return len(self.token_ids)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens a row, PAD not counted; int64, shape (n,)."""
        lengths = np.empty(len(self), np.int64)
        for start in range(0, len(self), CHECKED_ROWS):
            rows = slice(start, start + CHECKED_ROWS)
            lengths[rows] = row_lengths(self.token_ids[rows])
        return lengths

    def batches(self, batch_size: int, *, seed: int | None = None) -> Iterator[Batch]:
        """Return the examples in batches, each cut to its own longest row (at least one column).

        Without a seed they come in their order. With one they are shuffled, and rows of like
        length share a batch: little of it is padding then, and training takes a fraction of
        the time.

        Raises:
            ValueError: `batch_size` below 1.
        """
        return map(self.batch, self.row_batches(batch_size, seed=seed))

    def num_batches(self, batch_size: int) -> int:
        """Return how many batches `batches` yields.

        Raises:
            ValueError: `batch_size` below 1.
        """
        check_batch_size(batch_size)
        return -(-len(self) // batch_size)

    def to_numpy(self) -> Batch:
        """Return all rows at full width as one `Batch`, ready to be unpacked.

        >>> spec = TaskSpec(task="classification", vocabulary_size=4, maxlen=2, num_labels=2)
        >>> x, y, weight = EncodedDataset(
        ...     spec=spec, token_ids=np.array([[0, 3]], np.int32), labels=np.array([1], np.int32)
        ... ).to_numpy()
        >>> x.shape, y.shape, weight
        ((1, 2), (1,), None)
        """
        return Batch(self.token_ids, self.labels, self.sample_weight)

    def to_torch(self, batch_size: int = 64, *, seed: int | None = None) -> Any:
        """Return a PyTorch `DataLoader` of `batches`; with a seed, every pass shuffles anew.

        A batch is the tuple `batches` yields, without a sample_weight that is None, as tensors:
        token_ids and labels int64, as PyTorch's embeddings and losses take them, sample_weight
        float32.

        Raises:
            ModuleNotFoundError: PyTorch is not installed.
        """
        from .torch_batches import data_loader

        return data_loader(self, batch_size, seed)

    def save(self, folder: str | Path) -> Path:
        """Write a folder of .npy files and a `spec.json`; see `load`.

        Raises:
            FileExistsError: `folder` holds something else than an encoded dataset.
        """
        from .storage import save_encoded

        return save_encoded(self, Path(folder))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Open what `save` wrote, memory-mapped: rows are read from disk when they are used.

        The values are checked as in the constructor, some rows at a time.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: it holds no encoded dataset, or a damaged one.
        """
        from .storage import load_encoded, naming

        values = load_encoded(Path(folder))
        with naming(Path(folder)):
            return cls(**values)

    def row_batches(
        self, batch_size: int, *, seed: int | None = None
    ) -> Iterator[npt.NDArray[np.intp]]:
        """Yield the rows of each batch that `batches` yields.

        Raises:
            ValueError: `batch_size` below 1.
        """
        if seed is None:
            return rows_in_order(len(self), batch_size)
        return rows_shuffled(self.lengths, batch_size, seed)

    def batch(self, rows: npt.NDArray[np.integer]) -> Batch:
        """Return the examples at `rows`, cut to their own longest row (at least one column).

        With a `min_width` there are no fewer columns than that, or than rows have; PAD fills the
        left.
        """
        return cut_batch(
            self.token_ids[rows],
            self.labels[rows],
            None if self.sample_weight is None else self.sample_weight[rows],
            self.min_width,
        )

    def to_tf_dataset(self, batch_size: int = 64, *, seed: int | None = None) -> tf.data.Dataset:
        """Return a `tf.data.Dataset` of `batches`; with a seed, every pass shuffles anew.

        Raises:
            ModuleNotFoundError: TensorFlow is not installed.
        """
        from .tf_batches import tf_dataset

        return tf_dataset(self, batch_size, seed)

    def iter_lengths(self) -> Iterator[npt.NDArray[np.int64]]:
        """Yield the lengths of all rows at once; see `TrainingData`."""
        yield self.lengths

    def label_counts(self) -> npt.NDArray[np.int64]:
        """Return how often each label comes, at PAD too, int64, shape (num_labels,)."""
        return np.bincount(self.labels.ravel(), minlength=self.spec.num_labels)

    def digest(self) -> str:
        """Return a short name for spec and content: 16 hexadecimal digits."""
        digest = hashlib.sha256(repr(self.spec).encode())
        for part in self.to_numpy():
            if part is None:
                continue
            for start in range(0, len(part), CHECKED_ROWS):
                digest.update(np.ascontiguousarray(part[start : start + CHECKED_ROWS]).tobytes())
        return digest.hexdigest()[:16]

    def with_min_width(self, columns: int) -> Self:
        """Return the same examples with another `min_width`."""
        return replace(self, min_width=columns)


def _check_array(
    name: str, values: npt.NDArray[Any], dtype: np.dtype[Any], shape: tuple[int, ...]
) -> None:
    if values.dtype != dtype or values.shape != shape:
        raise ValueError(
            f"{name} must be {dtype} of shape {shape}, got {values.dtype} of shape {values.shape}"
        )


def _check_range(name: str, values: npt.NDArray[np.int32], end: int, first_row: int) -> None:
    outside = np.argwhere((values < 0) | (values >= end))
    if len(outside):
        place = tuple(int(i) for i in outside[0])
        row = first_row + place[0]
        raise ValueError(f"{name} row {row}: {values[place]} is outside 0 to {end - 1}")


def cut_batch(
    token_ids: npt.NDArray[np.int32],
    labels: npt.NDArray[np.int32],
    sample_weight: npt.NDArray[np.float32] | None,
    min_width: int | None,
) -> Batch:
    """Return whole rows as a batch, cut to the longest of them and `min_width`."""
    width = max(1, min_width or 0, int(row_lengths(token_ids).max(initial=0)))
    return Batch(
        token_ids[:, -width:],
        labels[:, -width:] if labels.ndim == 2 else labels,
        None if sample_weight is None else sample_weight[:, -width:],
    )


def rows_in_order(count: int, batch_size: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the rows of one batch after the other."""
    check_batch_size(batch_size)
    for start in range(0, count, batch_size):
        yield np.arange(start, min(start + batch_size, count))


def rows_shuffled(
    lengths: npt.NDArray[np.int64], batch_size: int, seed: int | tuple[int, ...]
) -> Iterator[npt.NDArray[np.intp]]:
    """Yield shuffled rows in batches of like length; `lengths` has one number a row."""
    check_batch_size(batch_size)
    count = len(lengths)
    rng = np.random.default_rng(seed)
    order = rng.permutation(count)
    pool_size = batch_size * POOL_BATCHES
    for start in range(0, count, pool_size):
        pool = order[start : start + pool_size]
        order[start : start + pool_size] = pool[np.argsort(lengths[pool], kind="stable")]
    for start in rng.permutation(np.arange(0, count, batch_size)):
        yield order[start : start + batch_size]


def check_batch_size(batch_size: int) -> None:
    """Refuse a batch without examples.

    Raises:
        ValueError: `batch_size` below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1 example, got {batch_size}")
