"""`ShardedDataset`: encoded examples in many files, read as they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from .encoded import (
    Batch,
    EncodedDataset,
    TaskSpec,
    check_batch_size,
    cut_batch,
    rows_in_order,
    rows_shuffled,
)
from .shard_files import ShardFile, find_shards, read_shard

if TYPE_CHECKING:
    import tensorflow as tf

NO_ROWS = np.empty(0, np.intp)


@dataclass(frozen=True, kw_only=True, eq=False)
class ShardedDataset:
    """Examples in Parquet files, of which a few lie in memory at a time; see `open`.

    It trains as an `EncodedDataset` does. Shuffled by a seed, the shards come in a random order,
    `window` of them at a time; the rows of a window are shuffled together, and share batches with
    rows of like length. A row is known by its number in all shards, in their order.

    Every value is checked when its shard is read, each time anew.
    """

    spec: TaskSpec
    shards: tuple[ShardFile, ...]
    label: str
    """The column of labels."""
    window: int = 4
    """Shards whose rows are shuffled together. One more than these lies in memory, at 4 bytes an
    id. With a window of all shards the order is that of an `EncodedDataset`."""
    min_width: int | None = None
    """Columns of a batch, at least; see `EncodedDataset`."""
    _read: Callable[[int], EncodedDataset] = field(init=False, repr=False)
    _ends: npt.NDArray[np.intp] = field(init=False, repr=False)
    """The row after each shard's last."""

    def __post_init__(self) -> None:
        if self.spec.task != "classification":
            raise ValueError(f"shards hold texts with a label each, the task is {self.spec.task}")
        if self.window < 1:
            raise ValueError(f"window must be at least 1 shard, got {self.window}")
        shards, spec, label = self.shards, self.spec, self.label

        @lru_cache(maxsize=self.window + 1)
        def read(shard: int) -> EncodedDataset:
            return read_shard(shards[shard], spec, label)

        object.__setattr__(self, "_read", read)
        object.__setattr__(self, "_ends", np.cumsum([shard.rows for shard in shards]))

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        label_names: Sequence[str],
        label: str = "label",
        vocabulary_size: int | None = None,
        maxlen: int | None = None,
        window: int = 4,
    ) -> Self:
        """Open a folder of shards; no row is read yet.

        Args:
            folder: what `koprep encode` wrote, or any folder of Parquet files with a column
                `token_ids`: a list of `maxlen` ids a row, as `Preprocessor.transform` gives
                them; PAD on the right is moved to the left.
            label_names: the names of labels 0, 1, …
            label: the column of labels: their numbers, as texts too, or their names.
            vocabulary_size: ids, PAD and OOV included; a folder with a manifest knows it.
            maxlen: ids a row; a folder with a manifest knows it.
            window: shards whose rows are shuffled together.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: it holds no encoded rows, a file is missing, or a setting is missing or
                not what the manifest says.
            ModuleNotFoundError: pyarrow is not installed.
        """
        shards, settings = find_shards(Path(folder), label)
        given = {"vocabulary_size": vocabulary_size, "maxlen": maxlen}
        spec = TaskSpec(
            task="classification",
            num_labels=len(label_names),
            label_names=tuple(label_names),
            **{name: _setting(folder, name, value, settings) for name, value in given.items()},
        )
        return cls(spec=spec, shards=shards, label=label, window=window)

    def split(self, validation_shards: int, seed: int = 0) -> tuple[Self, Self]:
        """Return the dataset without some shards, and these: for training and for validation.

        Copies of a text may stand on both sides; where that matters, split the texts before they
        are encoded (`split_dataset`) and open two folders.

        Args:
            validation_shards: how many to hold out.
            seed: of the choice.

        Raises:
            ValueError: a side would be empty.
        """
        if not 0 < validation_shards < len(self.shards):
            raise ValueError(
                f"validation_shards must be 1 to {len(self.shards) - 1} of {len(self.shards)} "
                f"shards, got {validation_shards}"
            )
        chosen = set(
            np.random.default_rng(seed).permutation(len(self.shards))[:validation_shards].tolist()
        )
        kept, held_out = (
            tuple(shard for i, shard in enumerate(self.shards) if (i in chosen) == side)
            for side in (False, True)
        )
        return replace(self, shards=kept), replace(self, shards=held_out)

    def __len__(self) -> int:
        return int(self._ends[-1])

    def batches(self, batch_size: int, *, seed: int | None = None) -> Iterator[Batch]:
        """Return the examples in batches; see `EncodedDataset.batches`."""
        return map(self.batch, self.row_batches(batch_size, seed=seed))

    def num_batches(self, batch_size: int) -> int:
        """Return how many batches `batches` yields.

        Raises:
            ValueError: `batch_size` below 1.
        """
        check_batch_size(batch_size)
        return -(-len(self) // batch_size)

    def row_batches(
        self, batch_size: int, *, seed: int | None = None
    ) -> Iterator[npt.NDArray[np.intp]]:
        """Yield the rows of each batch that `batches` yields, every row once.

        Raises:
            ValueError: `batch_size` below 1, or a shard that cannot be read.
        """
        if seed is None:
            return rows_in_order(len(self), batch_size)
        return self._shuffled(batch_size, seed)

    def _shuffled(self, batch_size: int, seed: int) -> Iterator[npt.NDArray[np.intp]]:
        check_batch_size(batch_size)
        choice = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
        order = choice.permutation(len(self.shards))
        # What fills no batch goes on into the next window: all batches but one are whole.
        carried, lengths = NO_ROWS, np.empty(0, np.int64)
        for number, start in enumerate(range(0, len(order), self.window)):
            shards = sorted(order[start : start + self.window].tolist())
            rows = np.concatenate([carried, *map(self._rows, shards)])
            lengths = np.concatenate([lengths, *(self._read(shard).lengths for shard in shards)])
            is_last = start + self.window >= len(order)
            whole = len(rows) if is_last else len(rows) // batch_size * batch_size
            for chosen in rows_shuffled(lengths[:whole], batch_size, (seed, number)):
                yield rows[chosen]
            carried, lengths = rows[whole:], lengths[whole:]

    def batch(self, rows: npt.NDArray[np.integer]) -> Batch:
        """Return the examples at `rows`, cut to their own longest row; see `EncodedDataset`.

        Raises:
            ValueError: a shard that cannot be read.
        """
        token_ids = np.empty((len(rows), self.spec.maxlen), np.int32)
        labels = np.empty(len(rows), np.int32)
        found_in = np.searchsorted(self._ends, rows, side="right")
        for shard in np.unique(found_in).tolist():
            here = found_in == shard
            part, places = self._read(shard), rows[here] - self._start(shard)
            token_ids[here], labels[here] = part.token_ids[places], part.labels[places]
        return cut_batch(token_ids, labels, None, self.min_width)

    def to_tf_dataset(self, batch_size: int = 64, *, seed: int | None = None) -> tf.data.Dataset:
        """Return a `tf.data.Dataset` of `batches`; with a seed, every pass shuffles anew.

        Raises:
            ModuleNotFoundError: TensorFlow is not installed.
        """
        from .tf_batches import tf_dataset

        return tf_dataset(self, batch_size, seed)

    def iter_lengths(self) -> Iterator[npt.NDArray[np.int64]]:
        """Yield the lengths of the rows of one shard after the other."""
        for shard in range(len(self.shards)):
            yield self._read(shard).lengths

    def label_counts(self) -> npt.NDArray[np.int64]:
        """Return how often each label comes, int64, shape (num_labels,); it reads every shard."""
        counts = np.zeros(self.spec.num_labels, np.int64)
        for shard in range(len(self.shards)):
            counts += self._read(shard).label_counts()
        return counts

    def digest(self) -> str:
        """Return a short name for spec, shards and window, which decide every batch.

        It is made of checksums, of the files where a manifest has them and else of their footers:
        no row is read.
        """
        told = (self.spec, self.label, self.window, [shard.checksum for shard in self.shards])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def with_min_width(self, columns: int) -> Self:
        """Return the same examples with another `min_width`."""
        return replace(self, min_width=columns)

    def _start(self, shard: int) -> int:
        return int(self._ends[shard]) - self.shards[shard].rows

    def _rows(self, shard: int) -> npt.NDArray[np.intp]:
        return np.arange(self._start(shard), self._ends[shard])


def _setting(folder: str | Path, name: str, given: int | None, settings: dict[str, Any]) -> int:
    """Return a number that the caller gave or the manifest holds."""
    known = settings.get(name)
    if known is not None and not isinstance(known, int):
        raise ValueError(f"{folder}: its manifest says {name} is {known!r}, not a whole number")
    if known is None:
        if given is None:
            raise ValueError(f"{folder} has no manifest that tells {name}: give {name}")
        return given
    if given not in (None, known):
        raise ValueError(f"{name} is {known} in the manifest of {folder}, {given} was given")
    return known
