"""What every estimator does to train its network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from koprep.datasets import EncodedDataset
from koprep.datasets.encoded import Task

from .backend import import_keras
from .checkpoint import CheckpointConfig
from .registry import check_frozen, check_task, create_model, model_config
from .training import History, TrainingConfig, seeded, train_model


def check_settings(
    model: str,
    options: Mapping[str, Any] | None,
    task: Task,
    checkpoints: CheckpointConfig | None,
) -> dict[str, Any]:
    """Return the model's options, checked with all that can be checked before the long work.

    Raises:
        ValueError: an unknown model or option, or a model that does not serve the task.
        FileExistsError: there is a checkpoint, and it is not to be resumed.
        ModuleNotFoundError: TensorFlow is not installed.
    """
    chosen = dict(options or {})
    model_config(model, **chosen)
    check_task(model, task)
    check_frozen(chosen)
    if checkpoints is not None:
        checkpoints.check()
    import_keras()
    return chosen


def fit_network(
    model: str,
    options: Mapping[str, Any],
    training: EncodedDataset,
    validation: EncodedDataset | None,
    config: TrainingConfig,
    *,
    progress: bool,
    checkpoints: CheckpointConfig | None,
) -> tuple[Any, History]:
    """Build a network and train it; return it and its figures. The settings were checked.

    The checkpoint is of no more use then, and removed.
    """
    if checkpoints is not None:
        facts = {**checkpoints.facts, "model": model, "model_options": dict(options)}
        checkpoints = replace(checkpoints, facts=facts)
    with seeded(config.seed):
        network = create_model(model, training.spec, **options)
        history = train_model(
            network, training, validation, config, progress=progress, checkpoints=checkpoints
        )
    if checkpoints is not None:
        checkpoints.remove()
    return network, history
