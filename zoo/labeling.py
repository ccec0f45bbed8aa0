"""What all classifiers of texts share: labels in and out, predicting, evaluating."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import ClassifierMixin

from koprep.datasets import TextDataset, split_rows
from koprep.fitted import check_fitted
from koprep.text_estimator import TextEstimator
from koprep.texts import short

from .evaluation import Evaluation, evaluate
from .holding_out import NONE_HELD_OUT, too_few

FEWER_LABELS = (
    "give texts of every label (--sample takes some of a file that is sorted by them), or leave it "
    "out of label_names"
)


class LabelingEstimator(ClassifierMixin, TextEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A scikit-learn classifier of raw texts; subclasses write `fit` and `predict_proba`."""

    classes_: npt.NDArray[Any]
    """The labels, sorted, shape (num_labels,)."""
    label_names_: tuple[str, ...]
    """Their names."""

    @abstractmethod
    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels)."""

    def predict(self, texts: Iterable[str]) -> npt.NDArray[Any]:
        """Return the likeliest label of each text, shape (texts,)."""
        probabilities = self.predict_proba(texts)
        labels: npt.NDArray[Any] = self.classes_[probabilities.argmax(axis=1)]
        return labels

    def evaluate(self, examples: TextDataset, *, mistakes: int = 0) -> Evaluation:
        """Compare predictions with a dataset's labels.

        Args:
            examples: texts with labels.
            mistakes: how many of the most confident mistakes to keep.

        Raises:
            ValueError: the dataset's labels are not the ones this classifier knows.
        """
        check_fitted(self, "classes_")
        if examples.labels is None or examples.label_names != self.label_names_:
            raise ValueError(
                f"the model knows the labels {', '.join(self.label_names_)}, dataset "
                f"{examples.name!r} has {', '.join(examples.label_names) or 'none'}"
            )
        return evaluate(
            examples.labels,
            self.predict_proba(examples.texts),
            self.label_names_,
            texts=examples.texts,
            mistakes=mistakes,
        )


def encode_labels(
    y: Sequence[Any] | npt.NDArray[Any], texts: int
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int32]]:
    """Return the kinds of labels, sorted, and each row's number among them.

    Raises:
        ValueError: labels that do not match the texts, are missing, of mixed types, or of fewer
            than two kinds.
    """
    values = list(y)
    if len(values) != texts:
        raise ValueError(f"{texts} texts need as many labels, got {len(values)}")
    for row, value in enumerate(values):
        if np.ndim(value):
            raise ValueError(f"row {row} has {short(value)} for a label: give one label a text")
        if _is_missing(value):
            raise ValueError(f"row {row} has no label ({value!r}): fill it or drop it first")
        if isinstance(value, str) != isinstance(values[0], str):
            raise ValueError(
                f"row {row} has the label {short(value)}, row 0 has {short(values[0])}: labels "
                "must all be strings, or none"
            )
    classes, labels = np.unique(np.array(values), return_inverse=True)
    if classes.dtype.kind not in "biuU":
        raise ValueError(
            f"labels must be whole numbers, booleans or strings, got {short(values[0])}"
        )
    if len(classes) < 2:
        raise ValueError(f"labels must be of two kinds at least, got {classes.tolist()}")
    return classes, labels.astype(np.int32)


def _is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN or what pandas writes for nothing."""
    if value is None:
        return True
    unequal = value != value  # pandas.NA does not say
    return not isinstance(unequal, bool | np.bool_) or bool(unequal)


def check_names(names: Sequence[str] | None, classes: npt.NDArray[Any]) -> tuple[str, ...]:
    """Return the names of the classes: those given, or how the classes are written.

    Raises:
        TypeError: a name that is no text.
        ValueError: not as many names as classes.
    """
    if names is None:
        return tuple(map(str, classes.tolist()))
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"label_names must be texts, got {name!r}")
    if len(names) != len(classes):
        absent = f"; is a label without texts? {FEWER_LABELS}" if len(names) > len(classes) else ""
        raise ValueError(
            f"{len(classes)} labels {classes.tolist()} need as many label_names, got {list(names)}"
            f"{absent}"
        )
    return tuple(names)


def check_present(labels: npt.NDArray[np.int32], label_names: Sequence[str]) -> None:
    """Refuse to learn a label that no text has.

    Raises:
        ValueError: there is one; the message names it.
    """
    for label in np.flatnonzero(np.bincount(labels, minlength=len(label_names)) == 0).tolist():
        raise ValueError(f"label {label_names[label]!r} has no text: {FEWER_LABELS}")


def validation_split(
    texts: Sequence[str],
    labels: npt.NDArray[np.int32],
    label_names: Sequence[str],
    held_out: float,
    seed: int,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the rows to train on and those to hold out, as `split_dataset` chooses them.

    Raises:
        ValueError: too few texts, all in all or of one label.
    """
    if not held_out:
        return np.arange(len(texts)), np.arange(0)
    mend = f"give more, or {NONE_HELD_OUT}"
    counts = np.bincount(labels, minlength=len(label_names))
    for label in np.flatnonzero(counts == 1).tolist():
        raise ValueError(
            f"label {label_names[int(label)]!r} has 1 text, too few to hold some out: {mend}"
        )
    try:
        learn, chosen = split_rows(texts, held_out, seed, labels=labels)
    except ValueError as error:
        raise ValueError(too_few(len(texts), held_out)) from error
    for label in map(int, np.setdiff1d(labels, labels[learn])):
        raise ValueError(
            f"label {label_names[label]!r} has {counts[label]} texts, none of which is left to "
            f"train on when {100 * held_out:g}% are held out: {mend}"
        )
    return learn, chosen
