"""The models that come with koprep: `pretrained`, `list_pretrained`.

Each is a bundle with its card, in a folder of its name under `pretrained/`;
`koprep.zoo.release` trains it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koprep.bundle import Kind

from .choices import unknown

FOLDER = Path(__file__).with_name("pretrained")


@dataclass(frozen=True, kw_only=True)
class PretrainedModel:
    """What a model that comes with koprep is for."""

    name: str
    kind: Kind
    summary: str
    license: str
    """Of the weights, which follows that of the data."""

    @property
    def folder(self) -> Path:
        """The bundle."""
        return FOLDER / self.name

    @property
    def size_bytes(self) -> int:
        """Of all its files."""
        return sum(file.stat().st_size for file in self.folder.iterdir())


def _traced(name: str, cell: str) -> PretrainedModel:
    """Return a network that is small enough to be followed token by token."""
    return PretrainedModel(
        name=name,
        kind="classifier",
        summary=f"shows at every token how {cell} of 32 units reads a review",
        license="CC0 1.0",
    )


PRETRAINED = {
    model.name: model
    for model in (
        PretrainedModel(
            name="chat-generator",
            kind="generator",
            summary="writes short sentences of everyday conversation",
            license="MIT",
        ),
        PretrainedModel(
            name="entity-tagger",
            kind="tagger",
            summary="finds persons, places, organizations, dates, times and quantities",
            license="CC BY-SA 4.0",
        ),
        PretrainedModel(
            name="movie-sentiment",
            kind="classifier",
            summary="tells whether a review of a movie is negative or positive",
            license="CC0 1.0",
        ),
        PretrainedModel(
            name="review-sentiment",
            kind="classifier",
            summary="tells whether a review of a movie or a product is negative or positive",
            license="CC0 1.0",
        ),
        _traced("trace-simple-rnn", "a SimpleRNN"),
        _traced("trace-lstm", "an LSTM"),
        _traced("trace-gru", "a GRU"),
    )
}
"""Name -> model."""


def list_pretrained(*, kind: Kind | None = None) -> list[str]:
    """Return the names, sorted.

    >>> list_pretrained(kind="tagger")
    ['entity-tagger']
    """
    return sorted(name for name, model in PRETRAINED.items() if kind in (None, model.kind))


def pretrained_model(name: str) -> PretrainedModel:
    """Return what a model is for.

    Raises:
        ValueError: an unknown name; the message lists the choices.
    """
    if name not in PRETRAINED:
        raise ValueError(unknown("pretrained model", name, list_pretrained()))
    return PRETRAINED[name]


def pretrained(name: str) -> Any:
    """Open a model that comes with koprep; it needs neither a network nor TensorFlow.

    Args:
        name: of `list_pretrained()`.

    Returns:
        A fitted `TextClassifier`, `TextGenerator` or `SequenceTagger`.

    Raises:
        ValueError: an unknown name; the message lists the choices.
    """
    from .loading import load  # opens the estimators, which a list of names does not need

    return load(pretrained_model(name).folder)
