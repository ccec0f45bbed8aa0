"""Recurrent models for Korean text: build them by name, train them, save them, load them.

Names are imported at first use; TensorFlow opens only when a model is built, trained or loaded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .baselines import LinearBaseline, LinearConfig
    from .characters import CharacterModel
    from .checkpoint import CheckpointConfig
    from .classifier import TextClassifier
    from .creating import create_classifier
    from .decoding import DecodingConfig
    from .distributed import LostWorkerError, Workers
    from .embeddings import PretrainedEmbeddings, Word2VecConfig, pretrain_embeddings
    from .evaluation import Evaluation, evaluate
    from .generator import TextGenerator
    from .loading import load
    from .majority import MajorityTagger
    from .ngram import BigramLanguageModel
    from .pretrained_models import list_pretrained, pretrained
    from .registry import (
        ModelEntry,
        ModelInfo,
        create_model,
        list_models,
        model_config,
        model_info,
        register_model,
    )
    from .spans import SpanEvaluation, evaluate_spans
    from .tagger import SequenceTagger
    from .training import TrainingConfig

_home = {
    "BigramLanguageModel": "ngram",
    "CharacterModel": "characters",
    "CheckpointConfig": "checkpoint",
    "DecodingConfig": "decoding",
    "Evaluation": "evaluation",
    "LinearBaseline": "baselines",
    "LinearConfig": "baselines",
    "LostWorkerError": "distributed",
    "MajorityTagger": "majority",
    "ModelEntry": "registry",
    "ModelInfo": "registry",
    "PretrainedEmbeddings": "embeddings",
    "SequenceTagger": "tagger",
    "SpanEvaluation": "spans",
    "TextClassifier": "classifier",
    "TextGenerator": "generator",
    "TrainingConfig": "training",
    "Word2VecConfig": "embeddings",
    "Workers": "distributed",
    "create_classifier": "creating",
    "create_model": "registry",
    "evaluate": "evaluation",
    "evaluate_spans": "spans",
    "list_models": "registry",
    "list_pretrained": "pretrained_models",
    "load": "loading",
    "model_config": "registry",
    "model_info": "registry",
    "pretrain_embeddings": "embeddings",
    "pretrained": "pretrained_models",
    "register_model": "registry",
}

__all__ = [
    "BigramLanguageModel",
    "CharacterModel",
    "CheckpointConfig",
    "DecodingConfig",
    "Evaluation",
    "LinearBaseline",
    "LinearConfig",
    "LostWorkerError",
    "MajorityTagger",
    "ModelEntry",
    "ModelInfo",
    "PretrainedEmbeddings",
    "SequenceTagger",
    "SpanEvaluation",
    "TextClassifier",
    "TextGenerator",
    "TrainingConfig",
    "Word2VecConfig",
    "Workers",
    "create_classifier",
    "create_model",
    "evaluate",
    "evaluate_spans",
    "list_models",
    "list_pretrained",
    "load",
    "model_config",
    "model_info",
    "pretrain_embeddings",
    "pretrained",
    "register_model",
]


def __getattr__(name: str) -> Any:
    if name not in _home:
        raise AttributeError(f"module 'koprep.zoo' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_home[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
