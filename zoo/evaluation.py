"""Figures of a classifier on labelled texts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support


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
class Evaluation:
    """Figures of one classifier on one set of texts."""

    examples: int
    accuracy: float
    labels: tuple[LabelScores, ...]
    confusion: tuple[tuple[int, ...], ...]
    """confusion[i][j]: texts of label i that were given label j."""

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        return asdict(self)


def evaluate(
    true_labels: npt.NDArray[np.integer],
    predicted_labels: npt.NDArray[np.integer],
    label_names: tuple[str, ...],
) -> Evaluation:
    """Compare predicted with true labels, both indices into `label_names`.

    >>> result = evaluate(np.array([0, 1, 1]), np.array([0, 1, 0]), ("부정", "긍정"))
    >>> round(result.accuracy, 2), result.confusion, result.labels[1].recall
    (0.67, ((1, 0), (1, 1)), 0.5)

    Raises:
        ValueError: no examples, or arrays of different lengths.
    """
    if not len(true_labels) or len(true_labels) != len(predicted_labels):
        raise ValueError(
            f"expected as many predictions as labels, at least one: "
            f"got {len(predicted_labels)} and {len(true_labels)}"
        )
    numbers = range(len(label_names))
    scores = precision_recall_fscore_support(
        true_labels, predicted_labels, labels=numbers, zero_division=0
    )
    matrix = confusion_matrix(true_labels, predicted_labels, labels=numbers)
    return Evaluation(
        examples=len(true_labels),
        accuracy=float(np.mean(true_labels == predicted_labels)),
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
    )
