"""`load`: a saved model by its folder, or by the name it comes with koprep under."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from koprep.bundle import Bundle, Kind, read_bundle

from .onnx_format import ONNX_FILE
from .predicting import LabelPredictor
from .pretrained_models import PRETRAINED
from .saved_settings import CLASSIFIER_FILE, check_kind

ESTIMATORS = {
    CLASSIFIER_FILE: ("classifier", "TextClassifier"),
    "generator.json": ("generator", "TextGenerator"),
    "baseline.json": ("baselines", "LinearBaseline"),
    "tagger.json": ("tagger", "SequenceTagger"),
}
"""A bundle's settings file -> the module and the class that open it."""


class Classifier(Protocol):
    """What tells the labels of texts."""

    @property
    def label_names_(self) -> tuple[str, ...]:
        """The names of the labels."""

    def predict_proba(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return the probability of each label, float32, shape (texts, num_labels)."""


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
    return _estimator(bundle, strict)


def open_classifier(source: str | Path, *, strict: bool = False) -> Classifier:
    """Open a saved classifier to predict and no more, which is quicker than `load`.

    One with a `model.onnx` opens without scikit-learn, as a `LabelPredictor`.

    Args:
        source: what `load` takes.
        strict: make analyzer drift an error; see `Preprocessor.load`.

    Raises:
        FileNotFoundError: there is no such folder and no such name.
        ValueError: the folder holds no classifier, or a file of it was changed.
    """
    bundle = read_bundle(model_folder(source))
    check_kind(bundle, "classifier")
    if {CLASSIFIER_FILE, ONNX_FILE} <= bundle.manifest.files.keys():
        return LabelPredictor.from_bundle(bundle, strict=strict)
    classifier: Classifier = _estimator(bundle, strict)
    return classifier


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


def _estimator(bundle: Bundle, strict: bool) -> Any:
    for file, (module, name) in ESTIMATORS.items():
        if file in bundle.manifest.files:
            estimator = getattr(import_module(f".{module}", __package__), name)
            return estimator.from_bundle(bundle, strict=strict)
    raise ValueError(
        f"{bundle.folder} holds a {bundle.manifest.kind} and no model; "
        "open it with Preprocessor.load"
    )
