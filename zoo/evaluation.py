"""Figures of a classifier on labelled texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

SLICES = 4
"""Slices by length, of about as many texts each."""


@dataclass(frozen=True, kw_only=True)
class LabelScores:
    """How well one label was found."""

    label: str
    precision: float
    """Of the texts given this label, the share that has it."""
    recall: float
    """Of the texts that have this label, the share given it."""
    f1: float
    """The harmonic mean of precision and recall."""
    support: int
    """Texts that have this label."""


@dataclass(frozen=True, kw_only=True)
class LengthSlice:
    """The texts of some lengths."""

    shortest: int
    """In characters."""
    longest: int
    examples: int
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A text that was given a wrong label."""

    text: str
    label: str
    """The one it has."""
    predicted: str
    probability: float
    """Of the label it was given."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Figures of one classifier on one set of texts."""

    examples: int
    accuracy: float
    labels: tuple[LabelScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    """confusion[i][j]: texts of label i that were given label j."""
    by_length: tuple[LengthSlice, ...] = ()
    """From the shortest texts to the longest; empty where only labels were compared."""
    mistakes: tuple[Mistake, ...] = ()
    """The most confident ones first."""

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return asdict(self)


def evaluate(
    true_labels: npt.NDArray[np.integer],
    predictions: npt.NDArray[np.integer] | npt.NDArray[np.floating],
    label_names: tuple[str, ...],
    *,
    texts: Sequence[str] = (),
    mistakes: int = 0,
) -> Evaluation:
    """Compare predictions with true labels, which are indices into `label_names`.

    Args:
        true_labels: shape (examples,).
        predictions: labels, shape (examples,), or probabilities, (examples, num_labels).
        label_names: the labels.
        texts: the examples, to be sliced by length; without, there are no slices and no mistakes.
        mistakes: how many of the most confident mistakes to keep; it needs probabilities.

    >>> result = evaluate(np.array([0, 1, 1]), np.array([0, 1, 0]), ("부정", "긍정"))
    >>> round(result.accuracy, 2), result.confusion, result.labels[1].recall
    (0.67, ((1, 0), (1, 1)), 0.5)

    Raises:
        ValueError: no examples, arrays of different lengths, a label without a name, not a column
            of probabilities for each label, or mistakes without probabilities.
    """
    from sklearn.metrics import (  # slow to import, and predicting does without
        confusion_matrix,
        precision_recall_fscore_support,
    )

    if not len(true_labels) or len(true_labels) != len(predictions):
        raise ValueError(
            f"expected as many predictions as labels, at least one: "
            f"got {len(predictions)} and {len(true_labels)}"
        )
    if len(texts) not in (0, len(true_labels)):
        raise ValueError(f"expected {len(true_labels)} texts, one a label, got {len(texts)}")
    if predictions.ndim == 2 and predictions.shape[1] != len(label_names):
        raise ValueError(
            f"expected a column of probabilities for each of {', '.join(label_names)}, got "
            f"{predictions.shape[1]}"
        )
    if mistakes and predictions.ndim != 2:
        raise ValueError("the most confident mistakes need probabilities, got labels alone")
    predicted = predictions.argmax(axis=1) if predictions.ndim == 2 else predictions
    numbers = range(len(label_names))
    for labels in (true_labels, predicted):
        known = np.isin(labels, numbers)
        if not known.all():
            raise ValueError(
                f"label {labels[~known][0]} has no name among {', '.join(label_names)}"
            )
    scores = precision_recall_fscore_support(
        true_labels, predicted, labels=numbers, zero_division=0
    )
    matrix = confusion_matrix(true_labels, predicted, labels=numbers)
    right = true_labels == predicted
    kept: tuple[Mistake, ...] = ()
    if len(texts) and mistakes:
        kept = _mistakes(texts, true_labels, predictions, label_names, mistakes)
    return Evaluation(
        examples=len(true_labels),
        accuracy=float(np.mean(right)),
        labels=tuple(
            LabelScores(
                label=name,
                precision=float(precision),
                recall=float(recall),
                f1=float(f1),
                support=int(support),
            )
            for name, precision, recall, f1, support in zip(label_names, *scores, strict=True)
        ),
        confusion=tuple(tuple(row) for row in matrix.tolist()),
        by_length=_slices(np.array([len(text) for text in texts]), right) if len(texts) else (),
        mistakes=kept,
    )


def _slices(
    lengths: npt.NDArray[np.integer], right: npt.NDArray[np.bool_]
) -> tuple[LengthSlice, ...]:
    """Cut at the quantiles of the lengths; texts of one length are never parted."""
    starts = np.quantile(lengths, np.arange(SLICES) / SLICES, method="lower")
    edges = np.unique([*starts, lengths.max() + 1])
    slices = []
    for start, end in pairwise(edges.tolist()):
        inside = (lengths >= start) & (lengths < end)
        slices.append(
            LengthSlice(
                shortest=int(lengths[inside].min()),
                longest=int(lengths[inside].max()),
                examples=int(inside.sum()),
                accuracy=float(right[inside].mean()),
            )
        )
    return tuple(slices)


def _mistakes(
    texts: Sequence[str],
    true_labels: npt.NDArray[np.integer],
    probabilities: npt.NDArray[Any],
    label_names: tuple[str, ...],
    count: int,
) -> tuple[Mistake, ...]:
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != true_labels)
    most = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    return tuple(
        Mistake(
            text=texts[row],
            label=label_names[true_labels[row]],
            predicted=label_names[predicted[row]],
            probability=float(confidence[row]),
        )
        for row in most
    )
