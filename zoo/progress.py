"""The progress bar of training."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from .backend import import_keras


class EpochProgress:
    """One bar over all epochs on standard error, and a line of figures after each."""

    def __init__(self, epochs: int, steps: int) -> None:
        self._bar = Progress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("loss {task.fields[loss]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._epochs = epochs
        self._steps = steps
        self._task = self._bar.add_task("train", total=epochs * steps, epoch="1", loss="-")

    def callback(self) -> Any:
        """Return the Keras callback that moves the bar."""
        keras = import_keras()
        return keras.callbacks.LambdaCallback(
            on_train_begin=lambda logs: self._bar.start(),
            on_train_batch_end=self._step,
            on_epoch_end=self._epoch_end,
            on_train_end=lambda logs: self._bar.stop(),
        )

    def _step(self, step: int, logs: dict[str, float]) -> None:
        self._bar.update(self._task, advance=1, loss=f"{logs['loss']:.4f}")

    def _epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        figures = "  ".join(f"{name} {value:.4f}" for name, value in logs.items())
        self._bar.console.print(f"epoch {epoch + 1}/{self._epochs}  {figures}", highlight=False)
        self._bar.update(
            self._task, epoch=str(min(epoch + 2, self._epochs)), completed=(epoch + 1) * self._steps
        )
