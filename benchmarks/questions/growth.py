"""How the time of the whole pipeline grows with the number of reviews, and how its memory does."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.data import all_reviews
from benchmarks.memory import peak_mib
from benchmarks.record import Finding, Measure
from benchmarks.rounds import Run
from koprep import Preprocessor

SIZES = (1_000, 10_000, 100_000, 600_000)
LOOKED_AT = 100_000
"""Reviews of each size at a time, at least: few would tell how fast the machine is at a moment."""
FROM = 10_000
"""Reviews from which the slope counts: below, what is opened and warmed takes its share."""
MOST_SLOPE = 1.02

SLOPE = f"slope of log time over log reviews, from {FROM:,}"

STREAMS = (20_000, 200_000)
MOST_MORE = 20
"""MiB that ten times the stream may take."""


def ask(run: Run) -> Iterator[Finding]:
    yield from _time(run)
    yield from _memory()


def _time(run: Run) -> Iterator[Finding]:
    raw = list(all_reviews())  # whose later ones are nearly twice as long: any part is of all
    random.Random(0).shuffle(raw)
    seconds: dict[int, list[float]] = {size: [] for size in SIZES}
    Preprocessor().fit_transform(raw[: min(SIZES)])  # opens Kiwi
    for _ in range(run.long_rounds):
        for size in (*SIZES, *SIZES[-2::-1]):  # the small ones before the large one and after it
            times = max(1, LOOKED_AT // size)
            start = time.perf_counter()
            for _ in range(times):
                Preprocessor(maxlen=60).fit_transform(raw[:size])
            seconds[size].append((time.perf_counter() - start) / times)
    medians = {size: statistics.median(rounds) for size, rounds in seconds.items()}
    for size, median in medians.items():
        yield Measure(
            what=_what(size),
            found=median,
            unit="s",
            detail=f"{min(seconds[size]):.2f} to {max(seconds[size]):.2f}",
        )
    counted = [size for size in SIZES if size >= FROM]
    slope, _ = np.polyfit(np.log(counted), np.log([medians[size] for size in counted]), 1)
    yield Measure(
        what=SLOPE,
        found=float(slope),
        most=MOST_SLOPE,
    )


def growth_of(findings: Iterable[Finding]) -> tuple[dict[int, float], float]:
    """Return the seconds by number of reviews, and the slope."""
    found = {finding.what: finding.found for finding in findings if isinstance(finding, Measure)}
    return {size: found[_what(size)] for size in SIZES}, found[SLOPE]


def _what(size: int) -> str:
    return f"{size:,} raw reviews to rows of ids"


def _memory() -> Iterator[Finding]:
    peaks = [_peak(size) for size in STREAMS]
    yield Measure(
        what=f"memory of iter_transform: {STREAMS[1]:,} reviews beyond {STREAMS[0]:,}",
        found=peaks[1] - peaks[0],
        unit="MiB",
        most=MOST_MORE,
        detail=f"{peaks[0]:,.0f} and {peaks[1]:,.0f} MiB",
    )


def _peak(size: int) -> float:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.questions.growth", str(size)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return float(told.stdout)


def _stream(size: int) -> None:
    """Transform a stream and print the most memory this process ever held."""
    preprocessor = Preprocessor(maxlen=60).fit(list(islice(all_reviews(), 5_000)))
    for _ in preprocessor.iter_transform(islice(all_reviews(), size)):
        pass
    print(peak_mib())


if __name__ == "__main__":
    _stream(int(sys.argv[1]))
