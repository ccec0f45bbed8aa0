"""How far a figure may be from the truth, for a test set is a sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A 95 % confidence interval."""

    low: float
    high: float


def share_interval(count: int, total: int) -> Interval:
    """Return the interval of a share such as an accuracy (Wilson, 1927).

    >>> interval = share_interval(890, 1000)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.8691, 0.9079)

    Raises:
        ValueError: the count is below 0 or above the total.
    """
    from scipy.stats import binomtest  # slow to import

    found = binomtest(count, total).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def bootstrap_interval(
    rows: npt.NDArray[np.floating],
    figure: Callable[[npt.NDArray[np.floating]], npt.NDArray[np.floating]],
    seed: int = 0,
) -> Interval:
    """Return the interval of a figure of sums, by drawing the examples anew (Efron, 1979).

    Args:
        rows: what each example adds to the sums, shape (examples, sums).
        figure: from sums, shape (resamples, sums), to figures, shape (resamples,).
        seed: of the draws.

    >>> rows = np.array([[1.0, 1.0], [0.0, 1.0]] * 50)
    >>> interval = bootstrap_interval(rows, lambda sums: sums[:, 0] / sums[:, 1])
    >>> interval.low < 0.5 < interval.high
    True

    Raises:
        ValueError: no examples.
    """
    if not len(rows):
        raise ValueError("an interval needs examples, got none")
    rng = np.random.default_rng(seed)
    even = np.full(len(rows), 1 / len(rows))
    sums = np.array([rng.multinomial(len(rows), even) @ rows for _ in range(RESAMPLES)])
    low, high = np.quantile(figure(sums), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high))
