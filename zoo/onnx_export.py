"""`export_onnx`: a Keras model as an ONNX file that onnxruntime alone can run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from koprep.datasets import TaskSpec
from koprep.datasets.encoded import WORD_TASKS
from koprep.padding import Ragged, pad_sequences, padding_mask

from .cell_reference import CELLS
from .network import KerasNetwork, Probabilities, TokenIds
from .onnx_format import (
    EMBEDDING,
    LARGEST_DIFFERENCE,
    MASKS_PADDING,
    EmbeddingType,
    OnnxExportError,
    check_embedding,
)
from .runtime import OnnxNetwork
from .stacked_cells import IGNORED

TOLERANCE = 1e-5
"""How far a probability may be from Keras'."""

PROBE_LENGTHS = (0, 1, 2, 5, 13)
"""Tokens of the rows that an export is checked with."""


def export_onnx(model: Any, spec: TaskSpec, *, embedding: EmbeddingType = "float32") -> bytes:
    """Write a Keras model of the zoo as ONNX, and check it against Keras.

    The file takes `token_ids`, int32 (batch, tokens), PAD on the right, and `lengths`, int32
    (batch,), the tokens a row; a model that does not mask PAD takes its rows as in training, and
    their width for a length. It gives `probabilities`, what the Keras model gives. A language
    model that reads forwards also takes and gives the state of every recurrent layer. Any batch
    and any number of tokens will do, but neither may be 0: onnxruntime's LSTM ends the process.

    Args:
        model: what `create_model` built, trained.
        spec: the task it was built for.
        embedding: how the embedding is stored; the file's properties hold how far its
            probabilities are from those of the float32 embedding.

    Raises:
        OnnxExportError: a `ValueError`: a layer without an ONNX form here, layers that are no
            chain, probabilities further than 1e-5 from Keras', or `onnx` is not installed.
    """
    check_embedding(embedding)
    masked = KerasNetwork(model).masks_padding
    layers = _chain(model)
    keeps_state = spec.task in WORD_TASKS and masked and _reads_forwards(layers)
    probes = _probe_rows(spec)
    of_keras = _real(model(probes, training=False).numpy(), probes)

    exact = _network(layers, "float32", masked, keeps_state)
    of_exact = _real(exact.probabilities(probes), probes)
    if not (difference := _largest(of_exact - of_keras)) <= TOLERANCE:  # NaN is not, either
        raise OnnxExportError(
            f"model {model.name!r} in its ONNX form answers {difference:.1e} away from Keras, "
            f"which is more than {TOLERANCE:.0e}"
        )
    if embedding == "float32":
        return exact.content
    stored = _network(layers, embedding, masked, keeps_state)
    difference = _largest(_real(stored.probabilities(probes), probes) - of_exact)
    return _network(layers, embedding, masked, keeps_state, difference).content


def _chain(model: Any) -> list[Any]:
    """Return the layers that count when nothing is learned, each reading the one before."""
    layers = model.layers
    try:
        pairs = [(_values_read(after), before.output) for before, after in pairwise(layers)]
        linked = all(len(read) == 1 and read[0] is given for read, given in pairs)
        linked = linked and len(model.outputs) == 1 and model.outputs[0] is layers[-1].output
    except (AttributeError, ValueError):  # Keras': layers that were never called, or called twice
        linked = False
    if not linked:
        raise OnnxExportError(f"model {model.name!r} is no chain of layers")
    return [layer for layer in layers if type(layer).__name__ not in IGNORED]


def _values_read(layer: Any) -> list[Any]:
    """Return what a layer reads; a mask that comes along does not count."""
    read = layer.input
    return [one for one in (read if isinstance(read, list) else [read]) if one.dtype != "bool"]


def _reads_forwards(layers: Sequence[Any]) -> bool:
    """Return whether the layers are embedding, cells and softmax: a state stands for a prefix."""
    return len(layers) > 2 and all(type(layer).__name__ in CELLS for layer in layers[1:-1])


def _probe_rows(spec: TaskSpec) -> TokenIds:
    rng = np.random.default_rng(0)
    rows = [rng.integers(1, spec.vocabulary_size, length) for length in PROBE_LENGTHS]
    return pad_sequences(Ragged.from_rows(rows))


def _real(found: Probabilities, token_ids: TokenIds) -> Probabilities:
    """Return what the rows are given; with a label at every token, what the tokens are."""
    return found[padding_mask(token_ids)] if found.ndim == 3 else found


def _largest(difference: Probabilities) -> float:
    return float(np.abs(difference).max())


def _network(
    layers: Sequence[Any],
    embedding: EmbeddingType,
    masked: bool,
    keeps_state: bool,
    largest_difference: float = 0.0,
) -> OnnxNetwork:
    """Write the layers as a file, and open it."""
    onnx = _import_onnx()
    from .onnx_graph import GraphWriter  # opens onnx

    writer = GraphWriter(embedding, masks_padding=masked, keeps_state=keeps_state)
    for layer in layers:
        writer.write(layer)
    proto = writer.model(
        {
            MASKS_PADDING: str(masked).lower(),
            EMBEDDING: embedding,
            LARGEST_DIFFERENCE: repr(largest_difference),
        }
    )
    onnx.checker.check_model(proto)
    return OnnxNetwork(proto.SerializeToString(deterministic=True))


def _import_onnx() -> Any:
    try:
        import onnx
    except ModuleNotFoundError as error:
        if error.name != "onnx":
            raise
        raise OnnxExportError(
            "writing ONNX needs the package onnx: pip install 'koprep[train]'"
        ) from error
    return onnx
