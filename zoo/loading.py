"""`load`: a saved model by its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from koprep.bundle import read_bundle

from .classifier import TextClassifier
from .generator import TextGenerator
from .tagger import SequenceTagger

ESTIMATORS: dict[str, Any] = {
    "classifier": TextClassifier,
    "generator": TextGenerator,
    "tagger": SequenceTagger,
}
"""A bundle's kind -> the class that opens it."""


def load(folder: str | Path, *, strict: bool = False) -> Any:
    """Open a saved model with its preprocessing.

    Args:
        folder: a folder that a model's `save` wrote.
        strict: make analyzer drift an error; see `Preprocessor.load`.

    Returns:
        The `TextClassifier`, `TextGenerator` or `SequenceTagger` that was saved.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: the folder holds no model, or a file of it was changed.
    """
    bundle = read_bundle(folder)
    if bundle.manifest.kind not in ESTIMATORS:
        raise ValueError(
            f"{folder} holds a {bundle.manifest.kind} and no model; open it with Preprocessor.load"
        )
    return ESTIMATORS[bundle.manifest.kind].from_bundle(bundle, strict=strict)
