"""`TextDataset`: what a reader returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from koprep.preprocessor import Preprocessor
from koprep.texts import iter_texts

from .encoded import EncodedDataset, TaskSpec


@dataclass(frozen=True)
class SkippedRow:
    """A row that a reader could not use."""

    line: int
    """Line number in the file, from 1."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, kw_only=True, eq=False)
class TextDataset:
    """Raw texts with labels, or without.

    >>> dataset = TextDataset(texts=("좋아요", "별로"), labels=np.array([1, 0], np.int32),
    ...                       label_names=("부정", "긍정"))
    >>> len(dataset), dataset.label_counts()
    (2, {'부정': 1, '긍정': 1})
    """

    texts: tuple[str, ...]
    labels: npt.NDArray[np.int32] | None = None
    """int32, shape (texts,), indices into `label_names`; None for texts without labels."""
    label_names: tuple[str, ...] = ()
    name: str = ""
    split: str = ""
    skipped: tuple[SkippedRow, ...] = ()
    """Rows of the file that hold no usable example."""

    def __post_init__(self) -> None:
        for _ in iter_texts(self.texts):
            pass
        if self.labels is None:
            return
        if self.labels.dtype != np.int32 or self.labels.shape != (len(self.texts),):
            raise ValueError(
                f"labels must be int32 of shape ({len(self.texts)},), "
                f"got {self.labels.dtype} of shape {self.labels.shape}"
            )
        outside = np.flatnonzero((self.labels < 0) | (self.labels >= len(self.label_names)))
        if len(outside):
            row = int(outside[0])
            raise ValueError(
                f"row {row}: label {self.labels[row]} has no name among {self.label_names}"
            )

    def __len__(self) -> int:
        return len(self.texts)

    def label_counts(self) -> dict[str, int]:
        """Return the number of examples of each label, by name."""
        if self.labels is None:
            return {}
        counts = np.bincount(self.labels, minlength=len(self.label_names))
        return dict(zip(self.label_names, counts.tolist(), strict=True))

    def take(self, rows: Sequence[int] | npt.NDArray[np.integer]) -> Self:
        """Return the examples at `rows`, in that order."""
        return replace(
            self,
            texts=tuple(self.texts[row] for row in rows),
            labels=None if self.labels is None else self.labels[np.asarray(rows, np.intp)],
        )

    def limit(self, count: int | None, seed: int | None = None) -> Self:
        """Return at most `count` examples: the first ones, or with a seed a random choice.

        Raises:
            ValueError: `count` below 1.
        """
        if count is not None and count < 1:
            raise ValueError(f"limit must be at least 1 example, got {count}")
        if count is None or count >= len(self):
            return self
        if seed is None:
            return self.take(range(count))
        chosen = np.random.default_rng(seed).choice(len(self), count, replace=False)
        return self.take(np.sort(chosen))

    def encode(self, preprocessor: Preprocessor) -> EncodedDataset:
        """Return the examples as a classification dataset, through a fitted preprocessor.

        Raises:
            ValueError: the dataset has no labels.
        """
        if self.labels is None:
            raise ValueError(f"dataset {self.name!r} has no labels to classify by")
        return EncodedDataset(
            spec=TaskSpec(
                task="classification",
                vocabulary_size=len(preprocessor.vocabulary_),
                maxlen=preprocessor.maxlen_,
                num_labels=len(self.label_names),
                label_names=self.label_names,
            ),
            token_ids=preprocessor.transform(self.texts),
            labels=self.labels,
        )
