"""`load`: a saved model by its folder; `create_classifier`: a new one by its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from koprep.bundle import Bundle, Kind, read_bundle
from koprep.preprocessor import Preprocessor

from .baselines import BASELINE, NO_EMBEDDINGS, LinearBaseline, LinearConfig
from .baselines import SETTINGS_FILE as BASELINE_FILE
from .checkpoint import CheckpointConfig
from .classifier import TextClassifier
from .embeddings import Embeddings
from .generator import TextGenerator
from .pretrained_models import PRETRAINED
from .registry import list_models, unknown
from .saving import check_kind
from .tagger import SequenceTagger
from .training import TrainingConfig

Classifier = TextClassifier | LinearBaseline

ESTIMATORS: dict[str, Any] = {
    "classifier": TextClassifier,
    "generator": TextGenerator,
    "tagger": SequenceTagger,
}
"""A bundle's kind -> the class that opens it."""


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
    if bundle.manifest.kind not in ESTIMATORS:
        raise ValueError(
            f"{source} holds a {bundle.manifest.kind} and no model; open it with Preprocessor.load"
        )
    return _opened(bundle, strict)


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


def _opened(bundle: Bundle, strict: bool) -> Any:
    if BASELINE_FILE in bundle.manifest.files:
        return LinearBaseline.from_bundle(bundle, strict=strict)
    return ESTIMATORS[bundle.manifest.kind].from_bundle(bundle, strict=strict)


def create_classifier(
    model: str = "gru",
    *,
    preprocessor: Preprocessor | None = None,
    model_options: Mapping[str, Any] | None = None,
    embeddings: Embeddings | None = None,
    training: TrainingConfig | None = None,
    label_names: Sequence[str] | None = None,
    progress: bool = False,
    checkpoints: CheckpointConfig | None = None,
) -> Classifier:
    """Return an untrained classifier: a network of `list_models()`, or the linear baseline.

    The baseline takes its own `model_options`, of training the class weights alone, and is too
    quick for checkpoints.

    Raises:
        ValueError: an unknown name, or an option the baseline does not have (the message lists the
            choices), or embeddings for it.
    """
    if model == BASELINE:
        if embeddings is not None:
            raise ValueError(NO_EMBEDDINGS)
        options = dict(model_options or {})
        known = [field.name for field in dataclasses.fields(LinearConfig)]
        for option in options:
            if option not in known:
                raise ValueError(
                    f"model {model!r} has {unknown('option', option, known, none=True)}"
                )
        if training is not None and training.class_weight == "balanced":
            options.setdefault("balanced", True)
        return LinearBaseline(
            preprocessor=preprocessor, config=LinearConfig(**options), label_names=label_names
        )
    names = list_models(task="classification")
    if model not in list_models():
        raise ValueError(unknown("model", model, [*names, BASELINE]))
    return TextClassifier(
        model,
        preprocessor=preprocessor,
        model_options=model_options,
        embeddings=embeddings,
        training=training,
        label_names=label_names,
        progress=progress,
        checkpoints=checkpoints,
    )
