"""`load`: a saved model by its folder, or by the name it comes with koprep under."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from koprep.bundle import Kind, read_bundle

from .pretrained_models import PRETRAINED
from .saving import check_kind

ESTIMATORS = {
    "classifier.json": ("classifier", "TextClassifier"),
    "generator.json": ("generator", "TextGenerator"),
    "baseline.json": ("baselines", "LinearBaseline"),
    "tagger.json": ("tagger", "SequenceTagger"),
}
"""A bundle's settings file -> the module and the class that open it."""


def load(source: str | Path, *, kind: Kind | None = None, strict: bool = False) -> Any:
    """Open a saved model with its preprocessing.

    Args:
        source: a folder that a model's `save` wrote; where there is none of this name, a name of
            `list_pretrained()`.
        kind: what the model has to be; None takes any.
        strict: make analyzer drift an error; see `Preprocessor.load`.

    Returns:
        The fitted `TextClassifier`, `LinearBaseline`, `TextGenerator` or `SequenceTagger`.

    Raises:
        FileNotFoundError: there is no such folder and no such name.
        ValueError: the folder holds no model, or another kind of model (the message says what it
            is good for), or a file of it was changed.
    """
    bundle = read_bundle(model_folder(source))
    if kind is not None:
        check_kind(bundle, kind)
    for file, (module, name) in ESTIMATORS.items():
        if file in bundle.manifest.files:
            estimator = getattr(import_module(f".{module}", __package__), name)
            return estimator.from_bundle(bundle, strict=strict)
    raise ValueError(
        f"{source} holds a {bundle.manifest.kind} and no model; open it with Preprocessor.load"
    )


def model_folder(source: str | Path) -> Path:
    """Return the folder of what `load` takes.

    Raises:
        FileNotFoundError: there is no such folder and no such name.
    """
    folder = Path(source)
    if folder.exists() or len(folder.parts) != 1:
        return folder
    if str(source) in PRETRAINED:
        return PRETRAINED[str(source)].folder
    raise FileNotFoundError(
        f"there is no folder {source}; models that come with koprep: {', '.join(PRETRAINED)}"
    )
