"""`koprep serve` under load: from this process, over loopback, against a server in another."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.data import reviews
from benchmarks.http_load import percentile, press, requests
from koprep.zoo.loading import open_classifier

CONNECTIONS = 16
BATCH = 256
SECONDS = 10.0
PATH = "/v1/predict"

LEAST_REVIEWS_S = 600
MOST_P99_MS = 50
LEAST_SHARE = 0.8
MOST_RECOVERY_S = 2.0
MOST_GROWTH_MB = 50


def report(minutes: float) -> None:
    """Press a server in four ways, and print what it gave beside what is due.

    Args:
        minutes: that memory is watched for.
    """
    raw = reviews(20_000)
    singles = requests(PATH, [{"text": text} for text in raw])
    batches = requests(PATH, [{"texts": raw[i : i + BATCH]} for i in range(0, len(raw), BATCH)])
    table = Table("measure", "found", "due")
    with _server() as (port, pid):
        press(port, singles, connections=CONNECTIONS, seconds=3)
        alone = press(port, singles, connections=CONNECTIONS, seconds=SECONDS)
        table.add_row(
            f"single reviews, {CONNECTIONS} connections",
            f"{alone.answered_a_second:,.0f} reviews/s",
            f"{LEAST_REVIEWS_S}",
        )
        table.add_row(
            "their 50th and 99th percentile",
            f"{alone.percentile_ms(0.5):.1f} and {alone.percentile_ms(0.99):.1f} ms",
            f"99th: {MOST_P99_MS} ms",
        )
        served, library = _shares(port, batches, raw)
        table.add_row(
            f"batches of {BATCH} against the library's own",
            f"{served:,.0f} against {library:,.0f} reviews/s: {served / library:.2f}",
            f"{LEAST_SHARE}",
        )
        over = press(port, batches, connections=10 * CONNECTIONS, seconds=SECONDS)
        recovered = _recovery_s(port, singles, alone.percentile_ms(0.99) / 1000)
        table.add_row(
            f"batches of {BATCH}, {10 * CONNECTIONS} connections",
            f"{over.statuses[200]} answered, {over.statuses[503]} refused, of these half within "
            f"{1000 * percentile(over.refusals, 0.5):.0f} ms and 99 of 100 within "
            f"{1000 * percentile(over.refusals, 0.99):.0f} ms; {_others(over.statuses)} others",
            "200 and 503 only",
        )
        table.add_row(
            "recovery: until a second of singles is as quick as before",
            f"{recovered:.1f} s",
            f"{MOST_RECOVERY_S:.0f} s",
        )
        before = _memory_mb(pid)
        press(port, singles, connections=CONNECTIONS, seconds=60 * minutes)
        after = _memory_mb(pid)
        table.add_row(
            f"memory over {minutes:g} minutes of load",
            f"{before:.0f} to {after:.0f} MB: {after - before:+.0f}",
            f"+{MOST_GROWTH_MB} in 10 minutes",
        )
    Console(width=140).print(table)


def _shares(port: int, batches: list[bytes], raw: list[str]) -> tuple[float, float]:
    """Return reviews a second of the server and of the library, taken in turn."""
    classifier = open_classifier("review-sentiment")
    classifier.predict_proba(raw[:BATCH])
    served = seconds = 0.0
    read = 0
    rounds = 3
    for _ in range(rounds):
        load = press(port, batches, connections=2, seconds=SECONDS / rounds)
        served += BATCH * load.answered_a_second / rounds
        end = time.perf_counter() + SECONDS / rounds
        while (start := time.perf_counter()) < end:
            first = read % (len(raw) - BATCH)
            classifier.predict_proba(raw[first : first + BATCH])
            seconds += time.perf_counter() - start
            read += BATCH
    return served, read / seconds


def _others(statuses: dict[int, int]) -> int:
    return sum(count for status, count in statuses.items() if status not in (200, 503))


def _recovery_s(port: int, singles: list[bytes], p99_s: float) -> float:
    """Return the seconds until a request is answered as quickly as before the overload."""
    start = time.perf_counter()
    while time.perf_counter() - start < 30:
        load = press(port, singles, connections=CONNECTIONS, seconds=0.5)
        if set(load.statuses) == {200} and percentile(load.latencies, 0.5) <= p99_s:
            return time.perf_counter() - start - 0.5
    return float("inf")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """Start a server on a free port; yield the port and the process."""
    command = [sys.executable, "-m", "koprep", "serve", "--port", "0"]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **quiet) as process:
        try:
            port = int(re.search(r":(\d+)/", process.stdout.readline())[1])
            _wait(port)
            yield port, process.pid
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return
        except URLError:
            time.sleep(0.2)
    raise TimeoutError("the server did not get ready")
