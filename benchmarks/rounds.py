"""Two sides measured in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Side = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is measured: two ways to do the same work, and the ratio that is due."""

    title: str
    koprep: Side
    other: Side
    koprep_name: str = "koprep"
    other_name: str
    least_ratio: float
    """Speed of koprep over speed of the other side, at least; or how far the other side's
    measure is above koprep's."""
    unit: str = "s"
    """Of the measure: with seconds a round is timed, with another a side returns what it
    measured."""
    figure: str = ""
    """What the number is that both sides return; empty where they return none."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What each round of both sides measured."""

    question: Question
    koprep_rounds: list[float]
    other_rounds: list[float]
    figures: tuple[object, object]
    """What both sides returned last."""

    @property
    def ratio(self) -> float:
        """The other side's measure over koprep's, by medians: of seconds, how much faster."""
        return statistics.median(self.other_rounds) / statistics.median(self.koprep_rounds)


def measure(question: Question, rounds: int) -> Answer:
    """Run both sides in turn, each first in every other round; what is timed warms up before."""
    sides = (question.koprep, question.other)
    timed = question.unit == "s"
    returned: list[Any] = [side() for side in sides] if timed else [None, None]
    measured: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        order = (0, 1) if number % 2 == 0 else (1, 0)
        for i in order:
            gc.collect()
            start = time.perf_counter()
            returned[i] = sides[i]()
            seconds = time.perf_counter() - start
            measured[i].append(seconds if timed else float(returned[i]))
    return Answer(
        question=question,
        koprep_rounds=measured[0],
        other_rounds=measured[1],
        figures=(returned[0], returned[1]),
    )
