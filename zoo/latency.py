"""How long one answer takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

LATENCY_TEXTS = 50


def latency_ms(answer: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the median milliseconds of an answer, text by text.

    The first `LATENCY_TEXTS` texts are answered twice: once to warm up, once on the clock.

    Raises:
        ValueError: no texts.
    """
    chosen = texts[:LATENCY_TEXTS]
    if not chosen:
        raise ValueError("a latency needs texts to answer, got none")
    seconds = []
    for text in [*chosen, *chosen]:
        start = time.perf_counter()
        answer(text)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds[len(chosen) :])
