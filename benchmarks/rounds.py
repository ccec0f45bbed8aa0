"""Two sides measured in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

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
    """Speed of koprep over speed of the other side, at least."""
    figure: str = ""
    """What the number is that both sides return; empty where they return none."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Seconds a round of both sides."""

    question: Question
    koprep_seconds: list[float]
    other_seconds: list[float]
    figures: tuple[object, object]
    """What both sides returned last."""

    @property
    def ratio(self) -> float:
        """Speed of koprep over speed of the other side, by medians."""
        return statistics.median(self.other_seconds) / statistics.median(self.koprep_seconds)


def measure(question: Question, rounds: int) -> Answer:
    """Run both sides once to warm up, then in turn, each first in every other round."""
    sides = (question.koprep, question.other)
    returned = [side() for side in sides]
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        order = (0, 1) if number % 2 == 0 else (1, 0)
        for i in order:
            gc.collect()
            start = time.perf_counter()
            returned[i] = sides[i]()
            seconds[i].append(time.perf_counter() - start)
    return Answer(
        question=question,
        koprep_seconds=seconds[0],
        other_seconds=seconds[1],
        figures=(returned[0], returned[1]),
    )
