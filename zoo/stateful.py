"""Reading a model's next-token probabilities token by token, without reading the prefix again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.padding import Ragged, pad_sequences

from .cell_reference import CELLS, Array, Cell
from .decoding import NextToken, Probabilities
from .network import KerasNetwork, Network
from .runtime import OnnxNetwork

IGNORED = ("InputLayer", "Dropout", "SpatialDropout1D")
"""Layers that change nothing outside training."""

TOLERANCE = 1e-4
"""How far the NumPy network may be from the Keras model it was read from."""

LayerStates = list[tuple[Array, ...]]


def next_token_reader(network: Network, vocabulary_size: int, maxlen: int) -> NextToken:
    """Return a network's reader: one that keeps its state, where it is a plain stack of cells.

    Args:
        network: of a `next_token` or `language_model` task.
        vocabulary_size: ids.
        maxlen: tokens a row the model was trained on, at most; only a reader that has to read the
            prefix again is held to it.
    """
    if isinstance(network, OnnxNetwork) and network.keeps_state:
        return network
    whole = PrefixReader(network, maxlen, padded=not network.masks_padding)
    if not isinstance(network, KerasNetwork) or not network.masks_padding:
        return whole
    cells = StackedCells.from_keras(network.model)
    if cells is None:
        return whole
    probe = np.arange(1, min(5, vocabulary_size, maxlen + 1))[None, :]
    expected, _ = whole.read(probe, whole.start(1))
    found, _ = cells.read(probe, cells.start(1))
    return cells if np.allclose(found, expected, atol=TOLERANCE) else whole


@dataclass(frozen=True, eq=False)
class StackedCells:
    """Embedding, recurrent layers and a softmax, in NumPy; the state is each layer's own."""

    embedding: Array
    """Shape (vocabulary_size, embedding_size)."""
    cells: tuple[Cell, ...]
    kernel: Array
    """Of the softmax, shape (units, vocabulary_size)."""
    bias: Array

    @classmethod
    def from_keras(cls, model: Any) -> StackedCells | None:
        """Read a Keras model's weights; None if it has other layers than these."""
        layers = [layer for layer in model.layers if type(layer).__name__ not in IGNORED]
        if len(layers) < 3:
            return None
        first, *recurrent, last = layers
        last = getattr(last, "layer", last)  # TimeDistributed wraps its Dense
        names = [type(layer).__name__ for layer in (first, *recurrent, last)]
        weights = [layer.get_weights() for layer in (first, *recurrent, last)]
        known = names[0] == "Embedding" and names[-1] == "Dense" and set(names[1:-1]) <= set(CELLS)
        if not known or [*map(len, weights)] != [1, *[3] * len(recurrent), 2]:
            return None
        cells = [
            CELLS[name].from_weights(arrays)
            for name, arrays in zip(names[1:-1], weights[1:-1], strict=True)
        ]
        return cls(weights[0][0], tuple(cells), *weights[-1])

    def start(self, rows: int) -> LayerStates:
        """Return the state before the first token."""
        return [cell.start(rows) for cell in self.cells]

    def read(
        self, token_ids: npt.NDArray[np.integer], state: LayerStates
    ) -> tuple[Probabilities, LayerStates]:
        """Read on; see `NextToken`."""
        for column in token_ids.T:
            values = self.embedding[column]
            states: LayerStates = []
            for cell, before in zip(self.cells, state, strict=True):
                step = cell.step(values, before)
                states.append(step.state)
                values = step.hidden
            state = states
        scores = values @ self.kernel + self.bias
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponents / exponents.sum(axis=1, keepdims=True), state

    def select(self, state: LayerStates, rows: Sequence[int]) -> LayerStates:
        """Return the state of some rows."""
        return [tuple(part[list(rows)] for part in parts) for parts in state]


@dataclass(frozen=True, eq=False)
class PrefixReader:
    """Any network: its state is the prefix, read again for every token."""

    network: Network
    maxlen: int
    padded: bool = False
    """Read rows of `maxlen` columns, as a network that does not mask PAD was trained on."""

    def start(self, rows: int) -> list[list[int]]:
        """Return the state before the first token."""
        return [[] for _ in range(rows)]

    def read(
        self, token_ids: npt.NDArray[np.integer], state: list[list[int]]
    ) -> tuple[Probabilities, list[list[int]]]:
        """Read on; see `NextToken`."""
        read = [[*before, *row] for before, row in zip(state, token_ids.tolist(), strict=True)]
        width = self.maxlen if self.padded else min(self.maxlen, max(map(len, read)))
        rows = pad_sequences(Ragged.from_rows(read), width)
        output = self.network.probabilities(rows)
        return (output[:, -1] if output.ndim == 3 else output), read

    def select(self, state: list[list[int]], rows: Sequence[int]) -> list[list[int]]:
        """Return the state of some rows."""
        return [state[row] for row in rows]
