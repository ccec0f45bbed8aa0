"""`koprep serve` under load: from this process, over loopback, against a server in another."""

from __future__ import annotations

import json
import random
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
    table = Table("measure", "found", "due", "reached")
    with _server() as (port, pid):
        press(port, singles, connections=CONNECTIONS, seconds=3)
        usual_s = _singles(table, port, singles)
        served = _shares(table, port, batches, raw)
        _overload(table, port, batches, 10 * served / BATCH)
        _recovery(table, port, singles, usual_s)
        _memory(table, port, pid, _mixed(port, raw), minutes)
    Console(width=140).print(table)


def _add(table: Table, measure: str, found: str, due: str, reached: bool) -> None:
    table.add_row(measure, found, due, "yes" if reached else "[red]no[/]")


def _singles(table: Table, port: int, singles: list[bytes]) -> float:
    """Ask for one review at a time; return the 99th percentile in seconds."""
    load = press(port, singles, connections=CONNECTIONS, seconds=SECONDS)
    rate, median, last = load.answered_a_second, load.percentile_ms(0.5), load.percentile_ms(0.99)
    _add(
        table,
        f"single reviews, {CONNECTIONS} connections",
        f"{rate:,.0f} reviews/s",
        f"{LEAST_REVIEWS_S}",
        rate >= LEAST_REVIEWS_S,
    )
    _add(
        table,
        "their 50th and 99th percentile",
        f"{median:.1f} and {last:.1f} ms",
        f"99th: {MOST_P99_MS} ms",
        last <= MOST_P99_MS,
    )
    return last / 1000


def _shares(table: Table, port: int, batches: list[bytes], raw: list[str]) -> float:
    """Measure server and library in turn; return the server's reviews a second."""
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
    library = read / seconds
    _add(
        table,
        f"batches of {BATCH} against the library's own",
        f"{served:,.0f} against {library:,.0f} reviews/s: {served / library:.2f}",
        f"{LEAST_SHARE}",
        served >= LEAST_SHARE * library,
    )
    return served


def _overload(table: Table, port: int, batches: list[bytes], rate: float) -> None:
    """Send ten times as many batches as can be answered."""
    load = press(port, batches, connections=10 * CONNECTIONS, seconds=SECONDS, rate=rate)
    _add(
        table,
        f"batches of {BATCH}, {load.statuses.total() / SECONDS:.0f} a second, where ten times "
        f"what can be answered is {rate:.0f}",
        f"{load.statuses[200]} answered, {load.statuses[503]} refused, of these half within "
        f"{1000 * percentile(load.refusals, 0.5):.0f} ms and 99 of 100 within "
        f"{1000 * percentile(load.refusals, 0.99):.0f} ms; {load.unexpected} others",
        "200 and 503 only",
        bool(load.statuses[503]) and not load.unexpected,
    )


def _recovery(table: Table, port: int, singles: list[bytes], usual_s: float) -> None:
    """Measure how long until single reviews are answered as before the overload."""
    start = time.perf_counter()
    waited = float("inf")
    while waited > 30 and (began := time.perf_counter() - start) < 30:
        load = press(port, singles, connections=CONNECTIONS, seconds=0.5)
        if set(load.statuses) == {200} and percentile(load.latencies, 0.5) <= usual_s:
            waited = began
    _add(
        table,
        "recovery: until none of half a second of single reviews is refused, and half of them "
        "are as quick as the 99th percentile above",
        f"{waited:.1f} s",
        f"{MOST_RECOVERY_S:.0f} s",
        waited <= MOST_RECOVERY_S,
    )


def _mixed(port: int, raw: list[str]) -> list[bytes]:
    """Return requests of every kind, most of them of one review."""
    with urlopen(f"http://127.0.0.1:{port}/v1/models") as answer:
        followed = any(model["traceable"] for model in json.load(answer)["models"])
    asked = [
        *requests(PATH, [{"text": text} for text in raw[:200]]),
        *requests(PATH, [{"texts": raw[i : i + 64]} for i in range(0, 640, 64)]),
        *requests("/v1/tag", [{"text": text} for text in raw[:40]]),
        *requests("/v1/analyze", [{"text": text} for text in raw[:40]]),
        *requests(
            "/v1/generate",
            [{"prompt": "", "temperature": 1, "seed": seed} for seed in range(20)],
        ),
        *(requests("/v1/trace", [{"text": text} for text in raw[:20]]) if followed else ()),
    ]
    return random.Random(0).sample(asked, len(asked))


def _memory(table: Table, port: int, pid: int, mixed: list[bytes], minutes: float) -> None:
    """Ask for everything for minutes, and watch the server's memory."""
    press(port, mixed, connections=CONNECTIONS, seconds=SECONDS)
    before = most = _memory_mb(pid)
    unexpected = 0
    end = time.perf_counter() + 60 * minutes
    while time.perf_counter() < end:
        unexpected += press(port, mixed, connections=CONNECTIONS, seconds=SECONDS).unexpected
        most = max(most, _memory_mb(pid))
    _add(
        table,
        f"memory over {minutes:g} minutes of requests of every kind",
        f"{before:.0f} to at most {most:.0f} MB: {most - before:+.0f}; "
        f"{unexpected} answers neither 200 nor 503",
        f"+{MOST_GROWTH_MB} in 10 minutes",
        most - before <= MOST_GROWTH_MB and not unexpected,
    )


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
