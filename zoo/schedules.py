"""Learning rates over a training."""

from __future__ import annotations

import math
from collections.abc import Callable

SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda done: 1.0,
    "linear": lambda done: 1 - done,
    "cosine": lambda done: 0.5 * (1 + math.cos(math.pi * done)),
}
"""Name -> share of the learning rate, by the share of the steps after the warm-up that are done."""


def scheduled_rate(
    learning_rate: float, schedule: str, warmup: float, step: int, steps: int
) -> float:
    """Return the learning rate of a step.

    Args:
        learning_rate: the highest.
        schedule: a name of `SCHEDULES`.
        warmup: share of all steps in which the rate rises to the highest, in equal steps.
        step: from 0.
        steps: of the whole training.

    >>> [round(scheduled_rate(1.0, "linear", 0.4, step, 5), 2) for step in range(5)]
    [0.5, 1.0, 1.0, 0.67, 0.33]
    """
    rising = math.ceil(warmup * steps)
    if step < rising:
        return learning_rate * (step + 1) / rising
    return learning_rate * SCHEDULES[schedule]((step - rising) / (steps - rising))
