"""What every estimator does to train its network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from koprep.datasets import TrainingData
from koprep.datasets.encoded import Task
from koprep.preprocessor import Preprocessor

from .checkpoint import CheckpointConfig
from .distributed import Workers
from .embeddings import Embeddings, PretrainedEmbeddings, matrix_for
from .registry import check_frozen, check_serves, create_model, model_config
from .teaching import Taught
from .training import History, TrainingConfig, check_training, seeded, train_model


def check_settings(
    model: str,
    options: Mapping[str, Any] | None,
    task: Task,
    checkpoints: CheckpointConfig | None,
    embeddings: Embeddings | None,
    training: TrainingConfig,
) -> dict[str, Any]:
    """Return the model's options, checked with all that can be checked before the long work.

    Raises:
        ValueError: an unknown model, option or optimizer, or what does not serve the task.
        TypeError: `embeddings` is no function.
        FileExistsError: there is a checkpoint, and it is not to be resumed.
        ModuleNotFoundError: TensorFlow is not installed.
    """
    if embeddings is not None and not callable(embeddings):
        raise TypeError(
            "embeddings must be a function that returns the matrix for a fitted preprocessor, "
            f"such as PretrainedEmbeddings(texts), got {type(embeddings).__name__}"
        )
    chosen = dict(options or {})
    config = model_config(model, **chosen)
    check_serves(model, task)
    if embeddings is None:
        check_frozen(chosen)
    elif not hasattr(config, "embedding_size"):
        raise ValueError(f"model {model!r} has no embedding_size, and takes no embeddings")
    elif isinstance(embeddings, PretrainedEmbeddings):
        size, given = embeddings.config.size, chosen.get("embedding_size")
        if given not in (None, size):
            raise ValueError(
                f"embedding_size is {given}, the embeddings' is {size}: leave the first out, or "
                f"give Word2VecConfig(size={given})"
            )
    if checkpoints is not None:
        checkpoints.check()
    check_training(training, task)
    return chosen


def fit_network(
    model: str,
    options: Mapping[str, Any],
    training: TrainingData,
    validation: TrainingData | None,
    config: TrainingConfig,
    *,
    preprocessor: Preprocessor,
    embeddings: Embeddings | None,
    progress: bool,
    checkpoints: CheckpointConfig | None,
    ratings: TrainingData | None = None,
    taught: Taught | None = None,
    workers: Workers | None = None,
) -> tuple[Any, History]:
    """Build a network and train it; return it and its figures. The settings were checked.

    The checkpoint is of no more use then, and removed unless it is to be kept.

    Raises:
        ValueError: `embeddings` returned a matrix that does not fit the preprocessor's vocabulary
            or the model's `embedding_size`, or what `train_model` refuses.
    """
    matrix, digest = None, None
    if embeddings is not None:
        size = training.spec.vocabulary_size
        matrix = matrix_for(embeddings, preprocessor, size, config.seed)
        digest = hashlib.sha256(matrix.tobytes()).hexdigest()[:16]
    if checkpoints is not None:
        facts = {
            **checkpoints.facts,
            "model": model,
            "model_options": dict(options),
            "the embeddings": digest,
        }
        checkpoints = replace(checkpoints, facts=facts)
    with seeded(config.seed):
        network = create_model(model, training.spec, embedding_matrix=matrix, **options)
        history = train_model(
            network,
            training,
            validation,
            config,
            ratings=ratings,
            taught=taught,
            progress=progress,
            checkpoints=checkpoints,
            workers=workers,
        )
    first = workers is None or workers.is_first
    if checkpoints is not None and not checkpoints.keep and first:
        checkpoints.remove()
    return network, history
