"""Training: length-bucketed batches, early stopping, a progress bar, a history."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from koprep.datasets import EncodedDataset, TaskSpec

from .backend import import_keras
from .progress import EpochProgress

History = list[dict[str, float]]
"""One dict an epoch: loss and accuracy, and with a validation set val_loss and val_accuracy."""


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Settings of training.

    >>> TrainingConfig(epochs=3).batch_size
    64
    """

    epochs: int = 10
    """Passes over the data, at most."""
    batch_size: int = 64
    """Examples a step."""
    learning_rate: float = 1e-3
    optimizer: str = "adam"
    """A Keras optimizer by name: adam, rmsprop, …"""
    validation_split: float = 0.1
    """Share of the examples held out to choose the best epoch; 0 for none."""
    patience: int = 2
    """Epochs without a better validation loss before training stops."""
    seed: int = 0
    """Of the initial weights, the order of examples, dropout and the validation split."""

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not 0 <= self.validation_split < 1:
            raise ValueError(
                f"validation_split must be at least 0 and below 1, got {self.validation_split}"
            )
        if self.patience < 0:
            raise ValueError(f"patience must be at least 0 epochs, got {self.patience}")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed must be at least 0 and below 2**32, got {self.seed}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate}")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings, ready for JSON."""
        return asdict(self)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed everything Keras draws from; the caller's own random streams go on undisturbed."""
    keras = import_keras()
    python_state, numpy_state = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)


def train_model(
    model: Any,
    training: EncodedDataset,
    validation: EncodedDataset | None,
    config: TrainingConfig,
    *,
    progress: bool = False,
) -> History:
    """Compile and train `model` in place; with a validation set, keep its best epoch's weights.

    Args:
        model: what `create_model` returned for the datasets' spec.
        training: the examples.
        validation: held-out examples, or None.
        config: the settings.
        progress: draw a progress bar with the time left.

    Raises:
        ValueError: the optimizer is unknown.
    """
    keras = import_keras()
    model.compile(
        optimizer=_optimizer(keras, config),
        loss=_loss(training.spec),
        weighted_metrics=["accuracy"],
        jit_compile=False,  # batches differ in width, and XLA would compile each anew
    )
    callbacks = []
    if validation is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor="val_loss", patience=config.patience, restore_best_weights=True
            )
        )
    if progress:
        steps = training.num_batches(config.batch_size)
        callbacks.append(EpochProgress(config.epochs, steps).callback())
    fitted = model.fit(
        training.to_tf_dataset(config.batch_size, seed=config.seed),
        validation_data=None if validation is None else validation.to_tf_dataset(256),
        epochs=config.epochs,
        shuffle=False,  # the dataset shuffles itself
        callbacks=callbacks,
        verbose=0,
    )
    columns = fitted.history
    return [
        {name: float(values[epoch]) for name, values in columns.items()}
        for epoch in range(len(columns["loss"]))
    ]


def best_epoch(history: History) -> int:
    """Return the index of the epoch whose weights were kept.

    >>> best_epoch([{"loss": 1.0, "val_loss": 0.5}, {"loss": 0.5, "val_loss": 0.6}])
    0
    """
    if "val_loss" not in history[0]:
        return len(history) - 1
    return min(range(len(history)), key=lambda epoch: history[epoch]["val_loss"])


def _loss(spec: TaskSpec) -> str:
    if spec.task == "classification" and spec.num_labels == 2:
        return "binary_crossentropy"
    return "sparse_categorical_crossentropy"  # one-hot targets never exist


def _optimizer(keras: Any, config: TrainingConfig) -> Any:
    try:
        optimizer = keras.optimizers.get(config.optimizer)
    except ValueError:
        raise ValueError(
            f"unknown optimizer {config.optimizer!r}; try adam, adamw, rmsprop or sgd"
        ) from None
    optimizer.learning_rate = config.learning_rate
    return optimizer
