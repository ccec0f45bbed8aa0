"""Reading a model's next-token probabilities token by token, without reading the prefix again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from koprep.padding import Ragged, pad_sequences

from .decoding import NextToken, Probabilities
from .network import KerasNetwork, Network
from .runtime import OnnxNetwork
from .stacked_cells import StackedCells

TOLERANCE = 1e-4
"""How far the NumPy network may be from the Keras model it was read from."""


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
