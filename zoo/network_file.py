"""Keras networks as bytes of a bundle, and back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from .backend import import_keras

MODEL_FILE = "model.keras"


def network_bytes(model: Any) -> bytes:
    """Return a network in Keras' own format, without its optimizer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL_FILE
        model.save(path, include_optimizer=False)
        return path.read_bytes()


def load_network(path: Path) -> Any:
    """Open a network that `network_bytes` gave, uncompiled."""
    keras = import_keras()
    from . import pooling  # noqa: F401  # tells Keras of koprep's layer

    return keras.saving.load_model(path, compile=False)
