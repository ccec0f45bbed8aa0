"""The one place that imports Keras."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from koprep.native_tensorflow import import_tensorflow


@cache
def import_keras() -> Any:
    """Import Keras on TensorFlow, without TensorFlow's start-up chatter.

    Raises:
        ModuleNotFoundError: TensorFlow is not installed.
        ValueError: Keras already runs on another backend.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import_tensorflow("training and Keras models")
    import keras

    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"koprep.zoo trains on TensorFlow, Keras runs on {keras.backend.backend()}: "
            "set KERAS_BACKEND=tensorflow before the first import of Keras"
        )
    return keras
