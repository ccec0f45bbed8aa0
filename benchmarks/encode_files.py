"""A file of reviews to shards of ids by `koprep encode`, against Kiwi's own two-core throughput.

Each side is a process of its own. The command is timed as a person would time it, its start and
the opening of its analyzers included; Kiwi alone is timed from its first text on. Printed beside:
the most memory any process of the command ever held, against that of Kiwi alone on one core
(Linux only).
"""

from __future__ import annotations

import itertools
import lzma
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.data import DATA

REVIEWS = 618_425
CORES = 2
DUE = 0.9
MORE_MEMORY = 200
"""MiB above Kiwi alone that a worker may hold, at most."""

FOR_MEMORY = 60_000
"""Reviews after which Kiwi alone takes no more memory."""

WATCH = 1.0
"""Seconds between two looks at the processes."""


def report(_: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reviews = folder / "reviews.tsv"
        with reviews.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(_lines())
        _fit(folder / "bundle")
        alone, _ = _kiwi(reviews, CORES, REVIEWS)
        seconds, peaks = _encode(reviews, folder)
        again, _ = _kiwi(reviews, CORES, REVIEWS)
        _, memory = _kiwi(reviews, 1, FOR_MEMORY)
    other = (alone + again) / 2
    table = Table("side", "seconds", "reviews a second", "most memory, MiB")
    table.add_row(
        "koprep encode",
        f"{seconds:,.1f}",
        f"{REVIEWS / seconds:,.0f}",
        ", ".join(f"{peak:,.0f}" for peak in sorted(peaks, reverse=True)),
    )
    table.add_row(
        f"Kiwi alone, {CORES} cores, cleaned texts",
        f"{other:,.1f} ({alone:,.1f}, {again:,.1f})",
        f"{REVIEWS / other:,.0f}",
        "",
    )
    table.add_row("Kiwi alone, 1 core", "", "", f"{memory:,.0f}")
    console = Console(width=140)
    console.print(table)
    more = max(peaks) - memory
    console.print(f"{REVIEWS:,} reviews: ratio {other / seconds:.2f}, due {DUE}")
    console.print(f"a worker above Kiwi alone: {more:,.0f} MiB, due at most {MORE_MEMORY}")


def _lines() -> Iterator[str]:
    """Yield a header and as many rows of reviews as are measured."""
    path = DATA / "nsmc" / "raw_reviews.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        yield from itertools.islice(stream, REVIEWS + 1)


def _fit(folder: Path) -> None:
    from benchmarks.data import reviews
    from koprep import Preprocessor

    Preprocessor(maxlen=40).fit(reviews(20_000)).save(folder)


def _encode(reviews: Path, folder: Path) -> tuple[float, list[float]]:
    """Return the seconds that the command took, and the most memory of its processes, in MiB."""
    command = [sys.executable, "-m", "koprep", "encode", reviews, "--column", "document"]
    command += ["--preprocessor", folder / "bundle", "--out", folder / "encoded"]
    command += ["--workers", CORES]
    start = time.perf_counter()
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as running:
        peaks: dict[int, float] = {}
        while running.poll() is None:
            for process in _family(running.pid):
                peaks[process] = max(peaks.get(process, 0), _peak(process))
            time.sleep(WATCH)
        seconds = time.perf_counter() - start
        told = running.stderr.read() if running.stderr else ""
    if running.returncode or f"{REVIEWS:,} rows" not in told:
        raise RuntimeError(f"koprep encode ended with {running.returncode}: {told}")
    return seconds, list(peaks.values())


def _family(process: int) -> list[int]:
    """Return a process and those that it started."""
    found = [process]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            content = status.read_text(encoding="utf-8", errors="replace")
        except OSError:  # it ended
            continue
        if f"\nPPid:\t{process}\n" in content:
            found.append(int(status.parent.name))
    return found


def _peak(process: int | str) -> float:
    """Return the most memory a process ever held, in MiB; 0 if it ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    found = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[0]) / 1024 if found else 0.0


def _kiwi(reviews: Path, cores: int, count: int) -> tuple[float, float]:
    """Return the seconds Kiwi takes to cut cleaned reviews, and its memory in MiB."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.encode_files", str(reviews), str(cores), str(count)],
        cwd=Path(__file__).parents[1],
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
    print(seconds, _peak("self"))


if __name__ == "__main__":
    _alone(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
