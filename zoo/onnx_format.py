"""What the writer and the reader of `model.onnx` agree on; imports neither."""

from __future__ import annotations

from typing import Literal, get_args

ONNX_FILE = "model.onnx"

EmbeddingType = Literal["float32", "float16", "int8"]
"""How an embedding is stored: as trained, in half the space, or in a quarter with a scale a row.
Large matrices of other layers are stored as float16 unless the embedding is float32."""

MASKS_PADDING = "masks_padding"
"""Key of the file's properties: whether PAD is passed over, `true` or `false`."""

EMBEDDING = "embedding"
"""Key of the file's properties: the `EmbeddingType`."""

LARGEST_DIFFERENCE = "largest_difference"
"""Key of the file's properties: how far its probabilities were from those of the same network with
all numbers float32, on the rows that the export was checked with."""


class OnnxExportError(ValueError):
    """A model that cannot be written as ONNX."""


def state_name(number: int) -> str:
    """Return the name of the input that takes a recurrent layer's state.

    >>> state_name(0)
    'state_0'
    """
    return f"state_{number}"


def next_state_name(number: int) -> str:
    """Return the name of the output that gives the state after the last token.

    >>> next_state_name(0)
    'next_state_0'
    """
    return f"next_{state_name(number)}"


def check_embedding(embedding: str) -> None:
    """Refuse a way to store embeddings that there is not.

    Raises:
        ValueError: the message lists the choices.
    """
    if embedding not in get_args(EmbeddingType):
        choices = ", ".join(get_args(EmbeddingType))
        raise ValueError(f"embedding must be one of {choices}, got {embedding!r}")
