"""The one place that opens TensorFlow, before any other imports it, and keeps it quiet."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# What TensorFlow's native side says at start-up whatever its log level is: absl's log lines.
_CHATTER = re.compile(
    rb"[IWE]\d{4} [\d:.]+ +\d+ \S+\.cc:\d+\]|WARNING: All log messages before absl"
)


def import_tensorflow(purpose: str) -> Any:
    """Import TensorFlow, without its start-up chatter.

    Args:
        purpose: what needs it, for the error.

    Raises:
        ModuleNotFoundError: TensorFlow is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # masked layers fall back and say so
    try:
        with _without_chatter():
            import tensorflow

            tensorflow.config.list_physical_devices()  # looks for GPUs, and reports finding none
    except ModuleNotFoundError as error:
        if error.name != "tensorflow":
            raise
        raise ModuleNotFoundError(
            f"{purpose} need TensorFlow: pip install 'koprep[train]'", name=error.name
        ) from error
    return tensorflow


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Hold native standard error back, and pass on what is no start-up chatter."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        original = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(original, 2)
            os.close(original)
            held.seek(0)
            for line in held:
                if not _CHATTER.match(line):
                    os.write(2, line)
