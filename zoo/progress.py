"""The progress bar of training."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class EpochProgress:
    """One bar over all epochs on standard error, and a line of figures after each.

    Args:
        epochs: of the training.
        steps: of an epoch.
        shown: without, nothing is drawn.
    """

    def __init__(self, epochs: int, steps: int, *, shown: bool = True) -> None:
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
            disable=not shown,
        )
        self._epochs = epochs
        self._steps = steps
        self._shown = shown
        self._task = self._bar.add_task("train", total=epochs * steps, epoch="1", loss="-")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def resume(self, epoch: int, step: int) -> None:
        """Begin after `epoch` whole epochs and `step` steps."""
        if epoch or step:
            place = f"epoch {epoch + 1}, after {step} of {self._steps} steps"
            self._say(f"going on in {place}" if epoch < self._epochs else "training was over")
        self._bar.update(
            self._task, epoch=self._number(epoch), completed=epoch * self._steps + step
        )

    def step(self, loss: float) -> None:
        """Move the bar by one step."""
        self._bar.update(self._task, advance=1, loss=f"{loss:.4f}")

    def epoch_end(self, epoch: int, figures: Mapping[str, float]) -> None:
        """Print the figures of an epoch, counted from 0."""
        line = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
        self._say(f"epoch {epoch + 1}/{self._epochs}  {line}")
        self._bar.update(
            self._task, epoch=self._number(epoch + 1), completed=(epoch + 1) * self._steps
        )

    def _number(self, epoch: int) -> str:
        return str(min(epoch + 1, self._epochs))

    def _say(self, line: str) -> None:
        if self._shown:
            self._bar.console.print(line, highlight=False)
