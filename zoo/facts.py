"""What a training is of: it goes on, and workers train together, where all of it is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from koprep.datasets import TrainingData

from .teaching import Taught

if TYPE_CHECKING:
    from .training import TrainingConfig


def training_facts(
    training: TrainingData,
    validation: TrainingData | None,
    ratings: TrainingData | None,
    taught: Taught | None,
    config: TrainingConfig,
) -> dict[str, Any]:
    """Return settings, and digests of all that is learned from, ready for JSON."""
    return {
        **config.to_dict(),
        "the training data": _digest(training),
        "the validation data": _digest(validation),
        "the ratings": _digest(ratings),
        "the teacher's answers": "none" if taught is None else taught.digest(),
    }


def _digest(dataset: TrainingData | None) -> str:
    return "none" if dataset is None else dataset.digest()
