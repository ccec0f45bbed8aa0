"""Spans: the likeliest valid BIO tags, and strict precision, recall and F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import Entity


@dataclass(frozen=True, kw_only=True)
class SpanScores:
    """How well spans were found. A span counts if label, start and end are all right."""

    label: str
    precision: float
    """Of the spans found, the share that is right; 0 if none was found."""
    recall: float
    """Of the spans there are, the share that was found; 0 if there are none."""
    f1: float
    """The harmonic mean of precision and recall."""
    support: int
    """Spans there are."""


@dataclass(frozen=True, kw_only=True)
class SpanEvaluation:
    """Figures of one tagger on one set of texts."""

    texts: int
    micro: SpanScores
    """Every span counts the same."""
    macro: SpanScores
    """The mean over the labels that occur: every label counts the same."""
    labels: tuple[SpanScores, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return asdict(self)


def evaluate_spans(
    true: Sequence[Collection[Entity]], predicted: Sequence[Collection[Entity]]
) -> SpanEvaluation:
    """Compare predicted with true spans, text by text.

    >>> result = evaluate_spans(
    ...     [[Entity("PS", 0, 3), Entity("LC", 5, 7)]], [[Entity("PS", 0, 3), Entity("LC", 5, 6)]]
    ... )
    >>> result.micro.f1, [(row.label, row.f1) for row in result.labels]
    (0.5, [('LC', 0.0), ('PS', 1.0)])

    Raises:
        ValueError: no texts, or not as many predictions as texts.
    """
    if not len(true) or len(true) != len(predicted):
        raise ValueError(
            f"expected as many predictions as texts, at least one: "
            f"got {len(predicted)} and {len(true)}"
        )
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for true_spans, predicted_spans in zip(true, predicted, strict=True):
        due, given = set(true_spans), set(predicted_spans)
        right.update(span.label for span in due & given)
        found.update(span.label for span in given)
        there.update(span.label for span in due)
    rows = tuple(
        _scores(label, right[label], found[label], there[label])
        for label in sorted(set(there) | set(found))
    )
    totals = right.total(), found.total(), there.total()
    return SpanEvaluation(
        texts=len(true), micro=_scores("micro", *totals), macro=_macro(rows), labels=rows
    )


def _scores(label: str, right: int, found: int, there: int) -> SpanScores:
    return SpanScores(
        label=label,
        precision=right / found if found else 0.0,
        recall=right / there if there else 0.0,
        f1=2 * right / (found + there) if found + there else 0.0,
        support=there,
    )


def _macro(rows: Sequence[SpanScores]) -> SpanScores:
    count = max(1, len(rows))
    return SpanScores(
        label="macro",
        precision=sum(row.precision for row in rows) / count,
        recall=sum(row.recall for row in rows) / count,
        f1=sum(row.f1 for row in rows) / count,
        support=sum(row.support for row in rows),
    )


def likeliest_bio(probabilities: npt.NDArray[np.floating], tag_names: Sequence[str]) -> list[int]:
    """Return the likeliest tags that are valid BIO: an I- only behind a B- or I- of its label.

    The Viterbi algorithm over the product of the probabilities; transitions cost nothing where
    they are valid. Where the likeliest tags one by one are valid already, it returns them.

    Args:
        probabilities: of each tag at each token, shape (tokens, tags).
        tag_names: the tags' names.

    >>> names = ("O", "B-PS", "I-PS")
    >>> likeliest_bio(np.array([[0.5, 0.4, 0.1], [0.2, 0.1, 0.7]]), names)
    [1, 2]
    """
    if not len(probabilities):
        return []
    forbidden = _forbidden(tag_names)
    starts = np.array([name.startswith("I-") for name in tag_names])
    logs = np.log(np.maximum(probabilities.astype(np.float64), np.finfo(np.float64).tiny))
    best = np.where(starts, -np.inf, logs[0])
    came_from = []
    for token_logs in logs[1:]:
        reached = np.where(forbidden, -np.inf, best[:, None])
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + token_logs
    path = [int(best.argmax())]
    for before in reversed(came_from):
        path.append(int(before[path[-1]]))
    return path[::-1]


def _forbidden(tag_names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which tag (column) may not follow which (row), shape (tags, tags)."""
    return np.array(
        [
            [name.startswith("I-") and before[2:] != name[2:] for name in tag_names]
            for before in tag_names
        ]
    )
