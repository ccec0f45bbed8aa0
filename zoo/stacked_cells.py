"""`StackedCells`: a recurrent network in NumPy, with the weights of one that was trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .cell_reference import CELLS, Array, Cell, Step, sigmoid, unusual_setting
from .decoding import Probabilities

IGNORED = ("InputLayer", "Dropout", "SpatialDropout1D")
"""Keras layers that change nothing outside training."""

LayerStates = list[tuple[Array, ...]]


def softmax(scores: Array) -> Array:
    """Return exp(x) / sum(exp(x)) along the last axis, without overflow."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


ANSWERS = {"sigmoid": sigmoid, "softmax": softmax}
"""The last layer's activation -> what computes it."""


@dataclass(frozen=True, eq=False)
class StackedCells:
    """Embedding, recurrent layers that read forwards, and one Dense layer."""

    embedding: Array
    """Shape (vocabulary_size, embedding_size)."""
    cells: tuple[Cell, ...]
    kernel: Array
    """Of the Dense layer, shape (units, numbers)."""
    bias: Array
    activation: str
    """Of the Dense layer: one of `ANSWERS`."""

    @classmethod
    def from_keras(cls, model: Any) -> StackedCells | None:
        """Read a Keras model's weights; None if it has other layers or settings than these."""
        layers = [layer for layer in model.layers if type(layer).__name__ not in IGNORED]
        if len(layers) < 3:
            return None
        first, *recurrent, last = layers
        last = getattr(last, "layer", last)  # TimeDistributed wraps its Dense
        names = [type(layer).__name__ for layer in (first, *recurrent, last)]
        weights = [layer.get_weights() for layer in (first, *recurrent, last)]
        known = names[0] == "Embedding" and names[-1] == "Dense" and set(names[1:-1]) <= set(CELLS)
        unusual = any(unusual_setting(layer.get_config()) for layer in recurrent)
        if not known or unusual or [*map(len, weights)] != [1, *[3] * len(recurrent), 2]:
            return None
        activation = last.get_config()["activation"]
        if activation not in ANSWERS:
            return None
        cells = [
            CELLS[name].from_weights(arrays)
            for name, arrays in zip(names[1:-1], weights[1:-1], strict=True)
        ]
        kernel, bias = weights[-1]
        return cls(weights[0][0], tuple(cells), kernel, bias, activation)

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
        return self.answer(values), state

    def select(self, state: LayerStates, rows: Sequence[int]) -> LayerStates:
        """Return the state of some rows."""
        return [tuple(part[list(rows)] for part in parts) for parts in state]

    def follow(self, token_ids: Sequence[int]) -> list[Step]:
        """Return what the one cell computes at each token of a row.

        Raises:
            ValueError: there are several cells.
        """
        (cell,) = self.cells
        return cell.run(self.embedding[list(token_ids)][None])

    def answer(self, hidden: Array) -> Probabilities:
        """Return what the Dense layer says of hidden states, shape (rows, numbers)."""
        return ANSWERS[self.activation](hidden @ self.kernel + self.bias)
