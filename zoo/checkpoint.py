"""Checkpoints: all there is to know of a training that was stopped, in one file.

The file holds arrays and JSON, never pickle; it is written beside the old one and renamed over it,
so that a kill at any moment leaves the old one or the new one, whole.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from koprep.ragged_file import DAMAGED_ARRAY

from .steps import Totals

CHECKPOINT_FILE = "checkpoint.npz"

Arrays = list[npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class CheckpointConfig:
    """Where and how often training is written down.

    Raises:
        ValueError: `every_seconds` below 0.
    """

    folder: str | Path
    every_seconds: float = 300.0
    """Seconds between two checkpoints within an epoch; after each epoch there is one too."""
    resume: bool = False
    """Go on from the folder's checkpoint; where there is none yet, begin."""
    keep: bool = False
    """Leave the checkpoint when training ends, for whoever saves the model to `remove` it after:
    what was trained is never in memory alone."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else must be as it was, ready for JSON: a checkpoint of other facts is refused."""

    def __post_init__(self) -> None:
        if not self.every_seconds >= 0:
            raise ValueError(f"every_seconds must be at least 0, got {self.every_seconds}")

    @property
    def file(self) -> Path:
        """The checkpoint."""
        return Path(self.folder) / CHECKPOINT_FILE

    @property
    def fresh_file(self) -> Path:
        """A checkpoint that is being written."""
        return self.file.with_suffix(".new")

    def check(self) -> None:
        """Refuse to write over a training that could go on.

        Raises:
            FileExistsError: there is a checkpoint, and it is not to be resumed.
        """
        if not self.resume and self.file.exists():
            raise FileExistsError(
                f"{self.folder} holds a training that was stopped: resume it, or remove the folder"
            )

    def remove(self) -> None:
        """Remove the checkpoint, and its folder where nothing else is in it."""
        if not self.file.parent.is_dir():
            return
        self.file.unlink(missing_ok=True)
        self.fresh_file.unlink(missing_ok=True)
        if not any(self.file.parent.iterdir()):
            self.file.parent.rmdir()


@dataclass(kw_only=True)
class TrainingState:
    """How far a training has come."""

    epoch: int = 0
    """Epochs that are over."""
    step: int = 0
    """Steps of the present epoch that are over."""
    totals: Totals = field(default_factory=Totals)
    """Sums over these steps."""
    history: list[dict[str, float]] = field(default_factory=list)
    waited: int = 0
    """Epochs since the best one."""
    finished: bool = False
    best: Arrays | None = None
    """The model's weights after the best epoch."""

    def to_json(self) -> dict[str, Any]:
        """Return all but the arrays."""
        return asdict(replace(self, best=None))

    @classmethod
    def from_json(cls, values: Mapping[str, Any], best: Arrays | None) -> Self:
        """Return the state that `to_json` gave."""
        return cls(**{**values, "totals": Totals(**values["totals"]), "best": best})


class CheckpointFile:
    """The checkpoint of one training.

    Args:
        config: where and how often.
        facts: what must be the same for a training to go on: settings, and digests of the data.
    """

    def __init__(self, config: CheckpointConfig, facts: Mapping[str, Any]) -> None:
        config.check()
        self._config = config
        self._facts = json.loads(json.dumps({**config.facts, **facts}))
        self._written = time.monotonic()

    def due(self) -> bool:
        """Return whether the time between two checkpoints is over."""
        return time.monotonic() - self._written >= self._config.every_seconds

    def save(self, state: TrainingState, numbers: Arrays) -> None:
        """Write state and numbers in one step."""
        lists = {"number": numbers, "best": state.best or []}
        counts = {name: len(values) for name, values in lists.items()}
        head = {"facts": self._facts, "state": state.to_json(), "counts": counts}
        arrays: dict[str, Any] = {"head": np.frombuffer(json.dumps(head).encode(), np.uint8)}
        for name, values in lists.items():
            arrays |= {f"{name}_{i}": value for i, value in enumerate(values)}
        self._config.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._config.fresh_file
        with fresh.open("wb") as stream:
            np.savez(stream, **arrays)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._config.file)
        self._written = time.monotonic()

    def load(self) -> tuple[TrainingState, Arrays] | None:
        """Return what `save` wrote last; None where there is nothing yet.

        Raises:
            ValueError: the checkpoint is damaged, or of a training with other settings or data;
                the message names what differs.
        """
        path = self._config.file
        if not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as stored:
                head = json.loads(stored["head"].tobytes())
                numbers, best = (
                    [stored[f"{name}_{i}"] for i in range(head["counts"][name])]
                    for name in ("number", "best")
                )
            state = TrainingState.from_json(head["state"], best or None)
            then = dict(head["facts"])
        except (*DAMAGED_ARRAY, OSError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} cannot be read ({error}): remove {path.parent} to begin anew"
            ) from error
        for name in sorted({*then, *self._facts}):
            if then.get(name) != self._facts.get(name):
                raise ValueError(
                    f"{path} is of another training: {name} was {then.get(name)!r}, now it is "
                    f"{self._facts.get(name)!r}; give what was given then, or remove {path.parent}"
                )
        return state, numbers
