"""What a server counts, as Prometheus reads it at `/metrics`.

With several workers, each writes into the folder `PROMETHEUS_MULTIPROC_DIR` names, and whichever
is asked answers for all of them.
"""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable prometheus_client looks for, when it is imported."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The counters of one process."""

    media_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "koprep_requests", "Requests answered.", ("path", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "koprep_request_seconds",
            "Seconds from a request's arrival to the end of its answer.",
            ("path",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._texts = Counter("koprep_texts", "Texts answered.", ("path",), registry=self._registry)
        self.batch_texts: Histogram = Histogram(
            "koprep_batch_texts",
            "Texts computed together.",
            buckets=BATCHES,
            registry=self._registry,
        )
        self.queued_texts: Gauge = Gauge(
            "koprep_queued_texts",
            "Texts taken on and not yet answered; a long text counts as several.",
            multiprocess_mode="livesum",
            registry=self._registry,
        )

    def request(self, path: str, status: int, seconds: float, texts: int) -> None:
        """Count a request that was answered.

        Args:
            path: one of the server's own, not what a client made up.
            status: of HTTP.
            seconds: it took.
            texts: it held.
        """
        self._requests.labels(path, status).inc()
        self._seconds.labels(path).observe(seconds)
        if texts and status < 400:
            self._texts.labels(path).inc(texts)

    def text(self) -> bytes:
        """Return everything counted, in Prometheus' text format."""
        if MULTIPROCESS_FOLDER not in os.environ:
            return generate_latest(self._registry)
        _forget_the_dead(Path(os.environ[MULTIPROCESS_FOLDER]))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it registers itself
        return generate_latest(together)


def _forget_the_dead(folder: Path) -> None:
    """Take away what workers that were killed had in hand; what they answered still counts."""
    for file in folder.glob("gauge_live*_*.db"):
        if not _lives(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    if os.name != "posix":  # elsewhere the question would be a signal
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # its number went to another user's
        pass
    return True
