"""`load`: a saved model by its folder."""

from __future__ import annotations

from pathlib import Path

from koprep.bundle import read_bundle

from .classifier import TextClassifier


def load(folder: str | Path, *, strict: bool = False) -> TextClassifier:
    """Open a saved model with its preprocessing.

    Args:
        folder: a folder that a model's `save` wrote.
        strict: make analyzer drift an error; see `Preprocessor.load`.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: the folder holds no model, or a file of it was changed.
    """
    bundle = read_bundle(folder)
    if bundle.manifest.kind != "classifier":
        raise ValueError(
            f"{folder} holds a {bundle.manifest.kind} and no model; open it with Preprocessor.load"
        )
    return TextClassifier.from_bundle(bundle, strict=strict)
