"""A file of reviews to shards of ids by `koprep encode`, against Kiwi's own two-core throughput.

Each side is a process of its own. The command is timed as a person would time it, its start and
the opening of its analyzers included; Kiwi alone is timed from its first text on. Printed beside:
the most memory any process of the command ever held, against that of Kiwi alone on one core
(Linux only).
"""

from __future__ import annotations

import itertools
import lzma
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data import DATA
from benchmarks.memory import descendants, peak_mib
from benchmarks.record import Finding, Measure
from benchmarks.rounds import Peer, Question, Run

REVIEWS = 200_000
CORES = 2
DUE = 0.9
MORE_MEMORY = 200
"""MiB above Kiwi alone that a worker may hold, at most."""

FOR_MEMORY = 60_000
"""Reviews after which Kiwi alone takes no more memory."""

WATCH = 1.0
"""Seconds between two looks at the processes."""


def ask(run: Run) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reviews = folder / "reviews.tsv"
        with reviews.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(_lines())
        _fit(folder / "bundle")
        peaks: list[float] = []
        yield run.compare(
            Question(
                title=f"{REVIEWS:,} reviews from a file to shards of ids",
                koprep=lambda: _encode(reviews, folder, peaks),
                koprep_name="koprep encode, all of the process",
                peers=(
                    Peer(
                        name=f"Kiwi alone on {CORES} cores, clean texts, after it is open",
                        work=lambda: _kiwi(reviews, CORES, REVIEWS)[0],
                        due=DUE,
                    ),
                ),
                timed=False,
            ),
            rounds=run.long_rounds,
        )
        _, memory = _kiwi(reviews, 1, FOR_MEMORY)
    yield Measure(
        what="the most memory of a process, beyond Kiwi alone on one core",
        found=max(peaks) - memory,
        unit="MiB",
        most=MORE_MEMORY,
        detail=f"{max(peaks):,.0f} and {memory:,.0f} MiB",
    )


def _lines() -> Iterator[str]:
    """Yield a header and as many rows of reviews as are measured."""
    path = DATA / "nsmc" / "raw_reviews.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        yield from itertools.islice(stream, REVIEWS + 1)


def _fit(folder: Path) -> None:
    from benchmarks.data import reviews
    from koprep import Preprocessor

    Preprocessor(maxlen=40).fit(reviews(20_000)).save(folder)


def _encode(reviews: Path, folder: Path, peaks: list[float]) -> float:
    """Return the seconds that the command took; note the most memory of its processes."""
    shutil.rmtree(folder / "encoded", ignore_errors=True)
    command = [sys.executable, "-m", "koprep", "encode", reviews, "--column", "document"]
    command += ["--preprocessor", folder / "bundle", "--out", folder / "encoded"]
    command += ["--workers", CORES]
    start = time.perf_counter()
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            peaks += map(peak_mib, [running.pid, *descendants(running.pid)])
            time.sleep(WATCH)
        seconds = time.perf_counter() - start
        told = running.stderr.read() if running.stderr else ""
    if running.returncode or f"{REVIEWS:,} rows" not in told:
        raise RuntimeError(f"koprep encode ended with {running.returncode}: {told}")
    return seconds


def _kiwi(reviews: Path, cores: int, count: int) -> tuple[float, float]:
    """Return the seconds Kiwi takes to cut cleaned reviews, and its memory in MiB."""
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.questions.encode_files",
            str(reviews),
            str(cores),
            str(count),
        ],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    seconds, memory = map(float, told.stdout.split())
    return seconds, memory


def _alone(reviews: Path, cores: int, count: int) -> None:
    from kiwipiepy import Kiwi

    from koprep import Cleaner
    from koprep.records import read_texts

    texts = itertools.islice(read_texts(reviews, column="document"), count)
    cleaned = map(Cleaner().clean, texts)
    kiwi = Kiwi(num_workers=cores)
    kiwi.tokenize("가")
    seconds = 0.0
    while chunk := list(itertools.islice(cleaned, 10_000)):
        start = time.perf_counter()
        sum(1 for _ in kiwi.tokenize(chunk))
        seconds += time.perf_counter() - start
    print(seconds, peak_mib())


if __name__ == "__main__":
    _alone(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
