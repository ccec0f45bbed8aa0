"""Distillation: a network learns what a teacher answers beside the labels (Hinton et al., 2015).

A label says right or wrong; a teacher also says how sure one can be, and what it answers to texts
that nobody labelled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import NotFittedError


class Teacher(Protocol):
    """What answers texts: a fitted `TextClassifier`, or several as one."""

    @property
    def label_names_(self) -> Sequence[str]:
        """The names of its labels."""

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels)."""


class Taught(NamedTuple):
    """What a teacher answers to the examples of a training, float32 (examples, num_labels)."""

    labelled: npt.NDArray[np.float32]
    rated: npt.NDArray[np.float32]
    """Of the rated texts; no rows where there are none."""

    @classmethod
    def by(cls, teacher: Teacher, labelled: Iterable[str], rated: Iterable[str]) -> Self:
        """Ask a teacher."""
        return cls(teacher.predict_proba(labelled), teacher.predict_proba(rated))

    def digest(self) -> str:
        """Return a short name for the answers: 16 hexadecimal digits."""
        return hashlib.sha256(self.labelled.tobytes() + self.rated.tobytes()).hexdigest()[:16]


def check_teacher(teacher: Teacher, label_names: Sequence[str]) -> None:
    """Refuse a teacher of other labels.

    Raises:
        sklearn.exceptions.NotFittedError: it knows no labels: scikit-learn's `clone`, which
            cross-validation calls, gives it back unfitted.
        ValueError: its labels are others, or others come first.
    """
    if not hasattr(teacher, "label_names_"):
        raise NotFittedError(
            "the teacher is not fitted; if it was, clone and cross-validation unfit it: give "
            "sklearn.frozen.FrozenEstimator(teacher)"
        )
    if tuple(teacher.label_names_) != tuple(label_names):
        raise ValueError(
            f"the teacher knows the labels {', '.join(teacher.label_names_)}, and the examples "
            f"have {', '.join(label_names)}: both must be the same, in the same order"
        )
