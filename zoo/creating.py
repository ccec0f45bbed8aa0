"""`create_classifier`: an untrained classifier by its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from koprep.preprocessor import Preprocessor

from .baselines import BASELINE, NO_EMBEDDINGS, LinearBaseline, LinearConfig
from .checkpoint import CheckpointConfig
from .choices import unknown
from .classifier import TextClassifier
from .embeddings import Embeddings
from .registry import list_models
from .training import TrainingConfig

TrainableClassifier = TextClassifier | LinearBaseline


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
) -> TrainableClassifier:
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
