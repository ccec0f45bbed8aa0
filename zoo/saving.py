"""What every saved model shares: its weights and figures as bytes of a bundle."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from koprep.bundle import Bundle

from .backend import import_keras
from .choices import unknown
from .registry import list_models
from .training import History

MODEL_FILE = "model.keras"
HISTORY_FILE = "history.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "card.md"


def keras_bytes(model: Any) -> bytes:
    """Return a Keras model in Keras' own format, without its optimizer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL_FILE
        model.save(path, include_optimizer=False)
        return path.read_bytes()


def json_bytes(value: object) -> bytes:
    """Return a value as indented JSON."""
    return (json.dumps(value, indent=2) + "\n").encode()


def read_history(bundle: Bundle) -> History:
    """Return the figures of each epoch that a bundle keeps."""
    history: History = json.loads(bundle.read_text(HISTORY_FILE))
    return history


def load_network(path: Path, model: str) -> Any:
    """Open a Keras model, uncompiled.

    What registers the model is imported first, for it may bring layers of its own.

    Args:
        path: the file.
        model: the name it was created by.

    Raises:
        ModuleNotFoundError: TensorFlow is not installed.
    """
    keras = import_keras()
    from . import pooling  # noqa: F401  # tells Keras of koprep's layer

    names = list_models()
    try:
        return keras.saving.load_model(path, compile=False)
    except (TypeError, ValueError) as error:
        if model in names:
            raise
        raise ValueError(
            f"{path} cannot be opened, and what brings its model is not installed: "
            f"{unknown('model', model, names)}"
        ) from error
