"""What every tagger shares: taking tagged texts, giving spans, being scored."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from koprep.datasets import Entity, TaggedDataset, align, find_entities
from koprep.datasets.bio import is_bio
from koprep.fitted import check_fitted
from koprep.preprocessor import Preprocessor
from koprep.text_estimator import TextEstimator
from koprep.texts import iter_texts, short

from .spans import SpanEvaluation, evaluate_spans

CHUNK = 1024
"""Texts that are tagged together."""

Tags = Sequence[Sequence[str]]
"""The tags of each text by name: one a character, or one a word for texts given as words."""


class Tagger(TextEstimator):
    """Gives each token a tag; subclasses learn how, and write `_tag`."""

    preprocessor_: Preprocessor
    tag_names_: tuple[str, ...]

    @abstractmethod
    def _tag(self, rows: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        """Return the tag of every id of each row."""

    def predict(self, texts: Iterable[str]) -> list[list[Entity]]:
        """Return the spans of each text, with their places in the raw text, in characters.

        With BIO tags a span is an entity; it never begins or ends with a space. With other tags
        every token is a span of its own. Texts of any length are tagged whole.
        """
        check_fitted(self, "tag_names_")
        return list(self._spans(iter_texts(texts)))

    def evaluate(self, examples: TaggedDataset) -> SpanEvaluation:
        """Compare predicted with true spans.

        Raises:
            ValueError: the dataset has tags this tagger does not know.
        """
        check_fitted(self, "tag_names_")
        foreign = sorted(set(examples.tag_names) - set(self.tag_names_))
        if foreign:
            raise ValueError(
                f"the model knows the tags {', '.join(self.tag_names_)}, dataset "
                f"{examples.name!r} also has {', '.join(foreign)}"
            )
        bio = is_bio(self.tag_names_)
        true = [true_spans(examples, row, bio=bio) for row in range(len(examples))]
        return evaluate_spans(true, self.predict(examples.raw_texts))

    def score(
        self, X: TaggedDataset | Sequence[str | Sequence[str]], y: Tags | None = None
    ) -> float:
        """Return the strict micro F1 of spans; see `fit` for what it takes."""
        return self.evaluate(tagged_examples(X, y)).micro.f1

    def _spans(self, texts: Iterator[str]) -> Iterator[list[Entity]]:
        while chunk := list(islice(texts, CHUNK)):
            aligned = list(align(self.preprocessor_, chunk))
            tag_rows = self._tag([row.token_ids for row in aligned])
            for text, row, tags in zip(chunk, aligned, tag_rows, strict=True):
                names = [self.tag_names_[tag] for tag in tags]
                if is_bio(self.tag_names_):
                    found = (_trimmed(text, span) for span in find_entities(names, row.spans))
                    yield [span for span in found if span.start < span.end]
                else:
                    pairs = zip(names, row.spans, strict=True)
                    yield [Entity(name, start, end) for name, (start, end) in pairs]


def tagged_examples(
    X: TaggedDataset | Sequence[str | Sequence[str]], y: Tags | None = None
) -> TaggedDataset:
    """Return texts and their tags as a dataset.

    Args:
        X: a `TaggedDataset`; or texts, of which a tag belongs to each character; or texts as
            lists of words, of which a tag belongs to each word.
        y: the names of the tags; None with a dataset.

    >>> tagged_examples(["김 씨"], [["B-PS", "O", "O"]]).entities(0)
    [Entity(label='PS', start=0, end=1)]

    Raises:
        ValueError: no tags, or not one a unit.
        TypeError: one bare string, or a row (with its number) that is no text or list of words as
            the others are, or whose tags are no names.
    """
    if isinstance(X, TaggedDataset):
        return X
    if isinstance(X, str):
        raise TypeError("expected many texts, got one: put it in a list")
    if y is None or len(X) != len(y):
        raise ValueError(
            f"{len(X)} texts need as many rows of tags, got {'none' if y is None else len(y)}"
        )
    separator = "" if isinstance(next(iter(X), ""), str) else " "
    for row, (text, tags) in enumerate(zip(X, y, strict=True)):
        _check_row(row, text, tags, of_words=bool(separator))
    names = _complete({tag for tags in y for tag in tags})
    numbers = {name: number for number, name in enumerate(names)}
    return TaggedDataset(
        texts=tuple(map(tuple, X)),
        tags=tuple(tuple(numbers[tag] for tag in tags) for tags in y),
        tag_names=names,
        separator=separator,
    )


def true_spans(examples: TaggedDataset, row: int, *, bio: bool) -> list[Entity]:
    """Return the spans a tagger should find in a text: its entities, or its units as tagged.

    Args:
        examples: texts with their tags.
        row: the text's.
        bio: whether the tagger's tags are BIO tags. Examples without an entity do not tell.
    """
    names = [examples.tag_names[tag] for tag in examples.tags[row]]
    spans = examples.unit_spans(row)
    if bio:
        return find_entities(names, spans)
    return [Entity(name, start, end) for name, (start, end) in zip(names, spans, strict=True)]


def _check_row(row: int, text: Any, tags: Any, *, of_words: bool) -> None:
    if of_words:
        words = not isinstance(text, str) and isinstance(text, Collection)
        right = words and all(isinstance(word, str) for word in text)
    else:
        right = isinstance(text, str)
    if not right:
        due = "a list of words, as the texts before it" if of_words else "a text"
        raise TypeError(f"row {row}: expected {due}, got {type(text).__name__} {short(text)}")
    if isinstance(tags, str) or not isinstance(tags, Collection):
        raise TypeError(f"row {row}: expected a list of tags, got {short(tags)}")
    for tag in tags:
        if not isinstance(tag, str):
            raise TypeError(f"row {row}: expected the name of a tag, such as 'O', got {short(tag)}")


def _complete(found: set[str]) -> tuple[str, ...]:
    """Return the tags' names: of BIO tags both of every label, in order, O first."""
    labels = sorted({name[2:] for name in found if name[:2] in ("B-", "I-")})
    bio = ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))
    return bio if labels and found <= set(bio) else tuple(sorted(found))


def _trimmed(text: str, span: Entity) -> Entity:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return span._replace(start=start, end=max(start, span.start + len(inside.rstrip())))
