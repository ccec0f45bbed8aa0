"""What every saved model shares: its weights and figures as bytes of a bundle."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from koprep.bundle import Bundle
from koprep.manifest import first_problem

from .backend import import_keras
from .choices import unknown
from .registry import list_models
from .training import History

MODEL_FILE = "model.keras"
HISTORY_FILE = "history.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "card.md"

_HISTORY: TypeAdapter[History] = TypeAdapter(list[dict[str, float]])


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
    """Return the figures of each epoch that a bundle keeps.

    Raises:
        ValueError: the file holds something else.
    """
    try:
        return _HISTORY.validate_python(bundle.read_value(HISTORY_FILE))
    except ValidationError as error:
        raise ValueError(
            f"{bundle.folder / HISTORY_FILE}: {first_problem(error)}; save the bundle again"
        ) from None


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
