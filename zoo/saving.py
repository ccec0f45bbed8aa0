"""What every saved model shares: its weights and settings as bytes of a bundle."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from koprep.bundle import Bundle, Kind

from .backend import import_keras
from .registry import list_models, unknown
from .training import History

MODEL_FILE = "model.keras"
HISTORY_FILE = "history.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "card.md"

Saved = TypeVar("Saved", bound=BaseModel)


USES: dict[Kind, str] = {
    "preprocessor": "open it with Preprocessor.load",
    "classifier": "use it with koprep.zoo.load or koprep predict",
    "generator": "use it with TextGenerator.load or koprep generate",
    "tagger": "use it with SequenceTagger.load or koprep tag",
}


def check_kind(bundle: Bundle, kind: Kind) -> None:
    """Refuse a bundle that holds something else.

    Raises:
        ValueError: the message says what the bundle is good for.
    """
    found = bundle.manifest.kind
    if found != kind:
        raise ValueError(f"{bundle.folder} holds a {found} and no {kind}; {USES[found]}")


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


def read_settings(bundle: Bundle, name: str, kind: type[Saved]) -> Saved:
    """Read and check the settings file of a bundle.

    Raises:
        ValueError: the bundle has no such file, or it holds something else; the message names
            the place.
    """
    try:
        return kind.model_validate(bundle.read_json(name))
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise ValueError(
            f"{bundle.folder / name}: {place}: {problem['msg']}; train again"
        ) from error
