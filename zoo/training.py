"""Training: length-bucketed batches, early stopping, learning-rate schedules, resuming."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from koprep.datasets import TrainingData
from koprep.datasets.encoded import Task

from .backend import import_keras
from .checkpoint import CheckpointConfig, CheckpointFile, TrainingState
from .distributed import Workers
from .facts import training_facts
from .network import KerasNetwork
from .progress import EpochProgress
from .ratings import RATING_HEAD, RatingSteps, rating_model
from .schedules import SCHEDULES, scheduled_rate
from .steps import Snapshot, Steps, Totals, make_optimizer
from .teaching import Taught
from .widths import as_read

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
    """The highest, where it changes."""
    schedule: str = "constant"
    """How the learning rate falls after the warm-up: constant (not at all), linear or cosine."""
    warmup: float = 0.0
    """Share of all steps in which the learning rate rises to its highest."""
    optimizer: str = "adam"
    """A Keras optimizer by name: adam, rmsprop, …"""
    clip_norm: float | None = None
    """Longer gradients, all weights taken together, are shortened to this; None for none."""
    class_weight: Literal["balanced"] | None = None
    """`balanced`: every label weighs the same in the loss, however rare; None: every example."""
    validation_split: float = 0.1
    """Share of the examples held out to choose the best epoch; 0 for none."""
    monitor: Literal["loss", "accuracy"] = "loss"
    """What of the held-out examples chooses the best epoch: the lowest loss or the highest
    accuracy. They part ways where a network grows surer faster than it grows wrong."""
    patience: int = 2
    """Epochs that are no better before training stops."""
    seed: int = 0
    """Of the initial weights, the order of examples, dropout and the validation split."""

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "patience", "seed"):
            if not isinstance(getattr(self, name), int):
                raise TypeError(f"{name} must be a whole number, got {getattr(self, name)!r}")
        for name in ("epochs", "batch_size", "patience"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("validation_split", "warmup"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 0 and below 1, got {getattr(self, name)}"
                )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed must be at least 0 and below 2**32, got {self.seed}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate}")
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise ValueError(f"clip_norm must be above 0 or None, got {self.clip_norm}")
        for name, choices in (
            ("schedule", tuple(SCHEDULES)),
            ("class_weight", (None, "balanced")),
            ("monitor", ("loss", "accuracy")),
        ):
            if getattr(self, name) not in choices:
                listed = ", ".join(map(str, choices))
                raise ValueError(f"{name} must be one of {listed}, got {getattr(self, name)!r}")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings, ready for JSON."""
        return asdict(self)


def check_training(config: TrainingConfig, task: Task) -> None:
    """Refuse settings that do not suit a task, or that Keras does not know.

    Raises:
        ValueError: the optimizer is unknown, or class weights are asked for tokens.
        ModuleNotFoundError: TensorFlow is not installed.
    """
    if config.class_weight is not None and task != "classification":
        raise ValueError(f"class_weight is for classification, the task is {task}")
    make_optimizer(config.optimizer, config.learning_rate)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed everything Keras draws from; the caller's streams of Python and NumPy go on."""
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
    training: TrainingData,
    validation: TrainingData | None,
    config: TrainingConfig,
    *,
    ratings: TrainingData | None = None,
    taught: Taught | None = None,
    progress: bool = False,
    checkpoints: CheckpointConfig | None = None,
    workers: Workers | None = None,
) -> History:
    """Train `model` in place; with a validation set, keep its best epoch's weights.

    A training that was stopped, at whatever moment, and resumed from its checkpoint ends with the
    weights of one that was not.

    Args:
        model: what `create_model` returned for the datasets' spec.
        training: the examples.
        validation: held-out examples, or None.
        config: the settings.
        ratings: rated texts, which the layers below the head learn from as well; an epoch takes
            every batch of both, mixed, and its figures are those of `training` alone.
        taught: what a teacher answers to `training` and `ratings`, to learn as well.
        progress: draw a progress bar with the time left.
        checkpoints: write checkpoints, and go on from one; None does neither. Of several workers
            the first writes, and all read: their folder must be on a disk they share.
        workers: who trains, where this process is one of several; all must call this with the
            same data and settings. `batch_size` counts the examples of all workers.

    Raises:
        ValueError: the optimizer is unknown, class weights are asked for tokens, the loss is no
            longer a number, a checkpoint is damaged or of other settings or data, or the workers
            were given different things.
        LostWorkerError: one of the workers is gone.
        FileExistsError: there is a checkpoint, and it is not to be resumed.
    """
    check_training(config, training.spec.task)
    network = KerasNetwork(model)
    training = as_read(network, training, training.spec.maxlen)
    if validation is not None:
        validation = as_read(network, validation, training.spec.maxlen)
    optimizer = make_optimizer(config.optimizer, config.learning_rate)
    steps = Steps(
        model,
        optimizer,
        training.spec,
        class_weight=_class_weight(training, config),
        clip_norm=config.clip_norm,
        taught=taught is not None,
        workers=workers,
    )
    parts, head = [_Part(training, steps, taught and taught.labelled)], []
    if ratings is not None:
        ratings = as_read(network, ratings, training.spec.maxlen)
        second = rating_model(model, ratings.spec.num_labels, with_labels=taught is not None)
        head = second.get_layer(RATING_HEAD).variables
        rating_steps = RatingSteps(
            second,
            optimizer,
            ratings.spec,
            clip_norm=config.clip_norm,
            taught=taught is not None,
            workers=workers,
        )
        parts.append(_Part(ratings, rating_steps, taught and taught.rated))
    optimizer.build([*model.trainable_variables, *head])
    snapshot, state = Snapshot([*model.variables, *head], optimizer), TrainingState()
    file = None
    facts = {}
    if checkpoints is not None or workers is not None:
        facts = training_facts(training, validation, ratings, taught, config)
    if checkpoints is not None:
        file = CheckpointFile(checkpoints, facts)
        if (loaded := file.load()) is not None:
            state, numbers = loaded
            snapshot.restore(numbers)
    if workers is not None:
        shapes = [tuple(variable.shape) for variable in model.variables]
        workers.agree({**facts, "the model": shapes, "the place in training": state.to_json()})
        snapshot.restore(workers.as_the_first(snapshot.take()))
    writes = workers is None or workers.is_first

    epoch_steps = sum(part.dataset.num_batches(config.batch_size) for part in parts)
    changing = config.schedule != "constant" or config.warmup
    watched = nullcontext() if workers is None else workers.watched()
    with watched, EpochProgress(config.epochs, epoch_steps, shown=progress and writes) as bar:
        bar.resume(state.epoch, state.step)
        while state.epoch < config.epochs and not state.finished:
            order = _mixed(parts, config.batch_size, config.seed + state.epoch)
            for part, rows in itertools.islice(order, state.step, None):
                if changing:
                    optimizer.learning_rate = scheduled_rate(
                        config.learning_rate,
                        config.schedule,
                        config.warmup,
                        state.epoch * epoch_steps + state.step,
                        config.epochs * epoch_steps,
                    )
                if workers is not None:
                    rows = workers.share(rows)
                answers = None if part.taught is None else part.taught[rows]
                sums = part.steps.train(part.dataset.batch(rows), answers)
                if part.steps is steps:
                    state.totals.add(sums)
                state.step += 1
                loss = state.totals.figures()["loss"]
                _check_loss(loss, state)
                bar.step(loss)
                if file is not None and writes and file.due():
                    file.save(state, snapshot.take())
            figures = _end_epoch(model, state, steps, validation, config)
            bar.epoch_end(state.epoch - 1, figures)
            if file is not None and writes:
                file.save(state, snapshot.take())
    if state.best is not None:
        model.set_weights(state.best)
    return state.history


class _Part(NamedTuple):
    """A dataset, and the steps that learn from it."""

    dataset: TrainingData
    steps: Steps
    taught: npt.NDArray[np.float32] | None
    """What a teacher answers to each example."""


def _mixed(
    parts: Sequence[_Part], batch_size: int, seed: int
) -> Iterator[tuple[_Part, npt.NDArray[np.intp]]]:
    """Yield the batches of all parts, in an order that the seed alone decides."""
    turns = np.repeat(
        np.arange(len(parts)), [part.dataset.num_batches(batch_size) for part in parts]
    )
    np.random.default_rng(seed).shuffle(turns)
    batches = [part.dataset.row_batches(batch_size, seed=seed) for part in parts]
    for turn in turns.tolist():
        yield parts[turn], next(batches[turn])


def best_epoch(history: History, monitor: str = "loss") -> int:
    """Return the index of the epoch whose weights were kept; of two as good ones, the first.

    >>> best_epoch([{"loss": 1.0, "val_loss": 0.5}, {"loss": 0.5, "val_loss": 0.6}])
    0
    """
    if "val_loss" not in history[0]:
        return len(history) - 1
    sign = -1 if monitor == "accuracy" else 1
    return min(range(len(history)), key=lambda epoch: sign * history[epoch][f"val_{monitor}"])


class KeptEpoch(NamedTuple):
    """The epoch whose weights were kept."""

    number: int
    """From 1."""
    part: str
    """What loss and accuracy were measured on: `"validation"` or `"training"`."""
    loss: float
    accuracy: float


def kept_epoch(history: History, monitor: str = "loss") -> KeptEpoch:
    """Return the figures of the epoch whose weights were kept.

    >>> kept_epoch([{"loss": 1.0, "accuracy": 0.5, "val_loss": 0.8, "val_accuracy": 0.6}])
    KeptEpoch(number=1, part='validation', loss=0.8, accuracy=0.6)
    """
    epoch = best_epoch(history, monitor)
    figures = history[epoch]
    part, prefix = ("validation", "val_") if "val_loss" in figures else ("training", "")
    return KeptEpoch(epoch + 1, part, figures[f"{prefix}loss"], figures[f"{prefix}accuracy"])


def _end_epoch(
    model: Any,
    state: TrainingState,
    steps: Steps,
    validation: TrainingData | None,
    config: TrainingConfig,
) -> dict[str, float]:
    figures = state.totals.figures()
    if validation is not None:
        held_out = steps.evaluate(validation)
        _check_loss(held_out["loss"], state, "validation loss")
        figures |= {f"val_{name}": value for name, value in held_out.items()}
    state.history.append(figures)
    if validation is not None:
        if best_epoch(state.history, config.monitor) == state.epoch:
            state.best, state.waited = model.get_weights(), 0
        else:
            state.waited += 1
            state.finished = state.waited >= config.patience
    state.epoch, state.step, state.totals = state.epoch + 1, 0, Totals()
    return figures


def _check_loss(loss: float, state: TrainingState, name: str = "loss") -> None:
    if not math.isfinite(loss):
        raise ValueError(
            f"the {name} is {loss} in epoch {state.epoch + 1}, step {state.step}: training went "
            "astray; give a lower learning_rate, or a clip_norm of about 1"
        )


def _class_weight(training: TrainingData, config: TrainingConfig) -> npt.NDArray[np.float32] | None:
    """Return a weight a label, 1 on average over the examples."""
    if config.class_weight is None:
        return None
    counts = training.label_counts()
    weights = len(training) / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return weights.astype(np.float32)
