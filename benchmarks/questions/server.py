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

from benchmarks.data import reviews
from benchmarks.http_load import Load, percentile, press, requests
from benchmarks.record import Finding, Measure
from benchmarks.rounds import Run
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


def ask(run: Run) -> Iterator[Finding]:
    raw = reviews(20_000)
    singles = requests(PATH, [{"text": text} for text in raw])
    batches = requests(PATH, [{"texts": raw[i : i + BATCH]} for i in range(0, len(raw), BATCH)])
    with _server() as (port, pid):
        press(port, singles, connections=CONNECTIONS, seconds=3)
        single = press(port, singles, connections=CONNECTIONS, seconds=SECONDS)
        yield from _singles(single)
        served, library = _rates(port, batches, raw)
        yield Measure(
            what=f"batches of {BATCH}: the server's throughput over the library's own",
            found=served / library,
            least=LEAST_SHARE,
            detail=f"{served:,.0f} and {library:,.0f} reviews/s",
        )
        yield _overload(port, batches, 10 * served / BATCH)
        yield _recovery(port, singles, single.percentile_ms(0.99) / 1000)
        yield from _memory(port, pid, _mixed(port, raw), run.minutes)


def _singles(load: Load) -> Iterator[Finding]:
    yield Measure(
        what=f"single reviews, {CONNECTIONS} connections",
        found=load.answered_a_second,
        unit="reviews/s",
        least=LEAST_REVIEWS_S,
    )
    yield Measure(what="half of them within", found=load.percentile_ms(0.5), unit="ms")
    yield Measure(
        what="99 of 100 of them within",
        found=load.percentile_ms(0.99),
        unit="ms",
        most=MOST_P99_MS,
    )


def _rates(port: int, batches: list[bytes], raw: list[str]) -> tuple[float, float]:
    """Measure server and library in turn; return the reviews a second of both."""
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


def _overload(port: int, batches: list[bytes], rate: float) -> Measure:
    """Send ten times as many batches as can be answered."""
    load = press(port, batches, connections=10 * CONNECTIONS, seconds=SECONDS, rate=rate)
    half, nearly_all = (1000 * percentile(load.refusals, share) for share in (0.5, 0.99))
    return Measure(
        what=f"ten times as many batches as can be answered, {SECONDS:.0f} s: answers other than "
        "200 and 503",
        found=load.unexpected,
        most=0,
        detail=f"{load.statuses[200]:,} answered, {load.statuses[503]:,} refused, of these half "
        f"within {half:.0f} ms and 99 of 100 within {nearly_all:.0f} ms",
    )


def _recovery(port: int, singles: list[bytes], usual_s: float) -> Measure:
    """Measure how long until single reviews are answered as before the overload."""
    start = time.perf_counter()
    waited = float("inf")
    while waited > 30 and (began := time.perf_counter() - start) < 30:
        load = press(port, singles, connections=CONNECTIONS, seconds=0.5)
        if set(load.statuses) == {200} and percentile(load.latencies, 0.5) <= usual_s:
            waited = began
    return Measure(
        what="until none of half a second of single reviews is refused, and half of them are as "
        "quick as the 99th percentile before",
        found=waited,
        unit="s",
        most=MOST_RECOVERY_S,
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


def _memory(port: int, pid: int, mixed: list[bytes], minutes: float) -> Iterator[Finding]:
    """Ask for everything for minutes, and watch the server's memory."""
    press(port, mixed, connections=CONNECTIONS, seconds=SECONDS)
    before = most = _memory_mb(pid)
    unexpected = 0
    end = time.perf_counter() + 60 * minutes
    while time.perf_counter() < end:
        unexpected += press(port, mixed, connections=CONNECTIONS, seconds=SECONDS).unexpected
        most = max(most, _memory_mb(pid))
    yield Measure(
        what=f"growth of memory by requests of every kind, minutes: {minutes:g}",
        found=most - before,
        unit="MB",
        most=MOST_GROWTH_MB,
        detail=f"from {before:.0f} to at most {most:.0f} MB",
    )
    yield Measure(what="answers neither 200 nor 503 meanwhile", found=unexpected, most=0)


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
