"""`TextDataset` and `TaggedDataset`: what a reader returns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from koprep.fitted import check_fitted
from koprep.padding import Ragged, pad_sequences
from koprep.texts import iter_texts

from .alignment import align
from .bio import Entity, Span, entity_tags, find_entities, is_bio
from .encoded import EncodedDataset, Task, TaskSpec

if TYPE_CHECKING:
    from koprep.preprocessor import Preprocessor


@dataclass(frozen=True)
class SkippedRow:
    """A row that a reader could not use."""

    line: int
    """Line number in the file, from 1; of a table without lines, the row's number from 1."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def _as_tuples(dataset: object, *names: str) -> None:
    """Make tuples of fields that were given as lists: names are compared."""
    for name in names:
        object.__setattr__(dataset, name, tuple(getattr(dataset, name)))


def check_limit(count: int | None) -> None:
    """Refuse what is no number of examples.

    Raises:
        ValueError: below 1.
    """
    if count is not None and count < 1:
        raise ValueError(f"limit must be at least 1 example, got {count}")


def spec_of(task: Task, preprocessor: Preprocessor, label_names: tuple[str, ...]) -> TaskSpec:
    """Return the spec of examples with these labels, encoded by a preprocessor.

    Raises:
        sklearn.exceptions.NotFittedError: the preprocessor is not fitted.
        ValueError: fewer than two labels.
    """
    check_fitted(preprocessor, "vocabulary_")
    return TaskSpec(
        task=task,
        vocabulary_size=len(preprocessor.vocabulary_),
        maxlen=preprocessor.maxlen_,
        num_labels=len(label_names),
        label_names=label_names,
    )


class _Examples(ABC):
    """What datasets of texts and of tagged texts share: choosing rows."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def take(self, rows: Sequence[int] | npt.NDArray[np.integer]) -> Self:
        """Return the examples at `rows`, in that order."""

    def limit(self, count: int | None, seed: int | None = None) -> Self:
        """Return at most `count` examples: the first ones, or with a seed a random choice.

        Raises:
            ValueError: `count` below 1.
        """
        check_limit(count)
        if count is None or count >= len(self):
            return self
        if seed is None:
            return self.take(range(count))
        chosen = np.random.default_rng(seed).choice(len(self), count, replace=False)
        return self.take(np.sort(chosen))


@dataclass(frozen=True, kw_only=True, eq=False)
class TextDataset(_Examples):
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
        object.__setattr__(self, "texts", tuple(iter_texts(self.texts)))
        _as_tuples(self, "label_names")
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

    def encode(self, preprocessor: Preprocessor) -> EncodedDataset:
        """Return the examples as a classification dataset, through a fitted preprocessor.

        PAD stands on the left, whatever side the preprocessor fills.

        Raises:
            ValueError: the dataset has no labels.
            sklearn.exceptions.NotFittedError: the preprocessor is not fitted.
        """
        if self.labels is None:
            raise ValueError(f"dataset {self.name!r} has no labels to classify by")
        return EncodedDataset(
            spec=spec_of("classification", preprocessor, self.label_names),
            token_ids=pad_sequences(
                preprocessor.transform_ragged(self.texts),
                preprocessor.maxlen_,
                truncating=preprocessor.truncating,
            ),
            labels=self.labels,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class TaggedDataset(_Examples):
    """Texts cut into units, each with a tag: characters, spaces included, or words.

    >>> dataset = TaggedDataset(
    ...     texts=(tuple("김 씨 집"),), tags=((1, 0, 0, 0, 0),), tag_names=("O", "B-PS", "I-PS")
    ... )
    >>> dataset.raw_texts, dataset.entities(0)
    (('김 씨 집',), [Entity(label='PS', start=0, end=1)])
    """

    texts: tuple[tuple[str, ...], ...]
    """The units of each text."""
    tags: tuple[tuple[int, ...], ...]
    """As many indices into `tag_names` as the text has units."""
    tag_names: tuple[str, ...]
    separator: str = ""
    """What stands between two units in the raw text: nothing for characters, a space for words."""
    name: str = ""
    split: str = ""
    skipped: tuple[SkippedRow, ...] = ()
    """Rows of the file that hold no usable example, by the line a text begins on."""

    def __post_init__(self) -> None:
        _as_tuples(self, "tag_names")
        if len(self.texts) != len(self.tags):
            raise ValueError(f"{len(self.texts)} texts need as many tag rows, got {len(self.tags)}")
        for row, (text, tags) in enumerate(zip(self.texts, self.tags, strict=True)):
            if isinstance(text, str):
                raise TypeError(f"row {row}: expected a tuple of units, got one text {text[:40]!r}")
            if len(text) != len(tags):
                raise ValueError(f"row {row}: {len(text)} units but {len(tags)} tags")
            if tags and not 0 <= min(tags) <= max(tags) < len(self.tag_names):
                bad = next(tag for tag in tags if not 0 <= tag < len(self.tag_names))
                raise ValueError(f"row {row}: tag {bad} has no name among {self.tag_names}")

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def raw_texts(self) -> tuple[str, ...]:
        """The texts in one piece: what a preprocessor is fitted on."""
        return tuple(self.separator.join(text) for text in self.texts)

    def tag_counts(self) -> dict[str, int]:
        """Return the number of units of each tag, by name."""
        counts = Counter(tag for tags in self.tags for tag in tags)
        return {name: counts[index] for index, name in enumerate(self.tag_names)}

    def unit_spans(self, row: int) -> list[Span]:
        """Return each unit's [start, end) in the raw text of `row`, in characters."""
        gap = len(self.separator)
        edges = [0]
        for unit in self.texts[row]:
            edges.append(edges[-1] + len(unit) + gap)
        return [(start, end - gap) for start, end in pairwise(edges)]

    def entities(self, row: int) -> list[Entity]:
        """Return the entities of `row`, in characters of its raw text.

        Raises:
            ValueError: the tags are no BIO tags.
        """
        if not is_bio(self.tag_names):
            raise ValueError(f"tags of dataset {self.name!r} name no entities: {self.tag_names}")
        return find_entities([self.tag_names[tag] for tag in self.tags[row]], self.unit_spans(row))

    def take(self, rows: Sequence[int] | npt.NDArray[np.integer]) -> Self:
        """Return the examples at `rows`, in that order."""
        return replace(
            self,
            texts=tuple(self.texts[row] for row in rows),
            tags=tuple(self.tags[row] for row in rows),
        )

    def encode(self, preprocessor: Preprocessor) -> EncodedDataset:
        """Return the examples as a tagging dataset, through a fitted preprocessor.

        The ids are those the preprocessor gives for `raw_texts`, so a model meets in production
        what it was trained on. Spaces are no tokens: they get no id and no label, and belong to
        an entity that goes on behind them. A token takes the tag of the unit it begins in; with
        BIO tags, that of the entity it overlaps, and its first token gets the B-.

        Returns:
            A `tagging` dataset: token_ids and labels int32, sample_weight float32 with 0 at PAD,
            all of shape (texts, maxlen_).

        >>> dataset = TaggedDataset(
        ...     texts=(tuple("김 씨 집"),), tags=((1, 2, 2, 0, 0),), tag_names=("O", "B-PS", "I-PS")
        ... )
        >>> from koprep import Preprocessor
        >>> preprocessor = Preprocessor(tokenizer="syllable", maxlen=4).fit(dataset.raw_texts)
        >>> dataset.encode(preprocessor).labels
        array([[0, 1, 2, 0]], dtype=int32)

        Raises:
            sklearn.exceptions.NotFittedError: the preprocessor is not fitted.
            ValueError: fewer than two tag names.
        """
        spec = spec_of("tagging", preprocessor, self.tag_names)
        tag_ids = {name: index for index, name in enumerate(self.tag_names)}
        ids, labels = [], []
        for row, aligned in enumerate(align(preprocessor, self.raw_texts)):
            ids.append(aligned.token_ids)
            labels.append([tag_ids[tag] for tag in self._token_tags(row, aligned.spans)])
        maxlen, side = preprocessor.maxlen_, preprocessor.truncating
        lengths = np.minimum([len(row) for row in ids], maxlen).reshape(-1, 1)
        return EncodedDataset(
            spec=spec,
            token_ids=pad_sequences(Ragged.from_rows(ids), maxlen, truncating=side),
            labels=pad_sequences(Ragged.from_rows(labels), maxlen, truncating=side),
            sample_weight=(np.arange(maxlen) >= maxlen - lengths).astype(np.float32),
        )

    def _token_tags(self, row: int, spans: list[Span]) -> Iterator[str]:
        if is_bio(self.tag_names):
            yield from entity_tags(self.entities(row), spans)
            return
        units = self.unit_spans(row)
        at = 0
        for start, _ in spans:
            while units[at][1] <= start:
                at += 1
            yield self.tag_names[self.tags[row][at]]
