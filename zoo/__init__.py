"""Recurrent models for Korean text: build them by name, train them, save them, load them.

Names are imported at first use; TensorFlow opens only when a model is built, trained or loaded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .baselines import LinearBaseline, LinearConfig
    from .checkpoint import CheckpointConfig
    from .classifier import TextClassifier
    from .evaluation import Evaluation, evaluate
    from .loading import create_classifier, load
    from .registry import (
        ModelEntry,
        ModelInfo,
        create_model,
        list_models,
        model_config,
        model_info,
        model_summary,
        register_model,
    )
    from .training import TrainingConfig

_home = {
    "CheckpointConfig": "checkpoint",
    "Evaluation": "evaluation",
    "LinearBaseline": "baselines",
    "LinearConfig": "baselines",
    "ModelEntry": "registry",
    "ModelInfo": "registry",
    "TextClassifier": "classifier",
    "TrainingConfig": "training",
    "create_classifier": "loading",
    "create_model": "registry",
    "evaluate": "evaluation",
    "list_models": "registry",
    "load": "loading",
    "model_config": "registry",
    "model_info": "registry",
    "model_summary": "registry",
    "register_model": "registry",
}

__all__ = [
    "CheckpointConfig",
    "Evaluation",
    "LinearBaseline",
    "LinearConfig",
    "ModelEntry",
    "ModelInfo",
    "TextClassifier",
    "TrainingConfig",
    "create_classifier",
    "create_model",
    "evaluate",
    "list_models",
    "load",
    "model_config",
    "model_info",
    "model_summary",
    "register_model",
]


def __getattr__(name: str) -> Any:
    if name not in _home:
        raise AttributeError(f"module 'koprep.zoo' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_home[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
