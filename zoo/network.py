"""What an estimator predicts with: a network, whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

TokenIds = npt.NDArray[np.int32]
Probabilities = npt.NDArray[np.float32]


class Network(Protocol):
    """Token ids in, probabilities out."""

    @property
    def masks_padding(self) -> bool:
        """Whether PAD is passed over, so that rows may have any width."""

    def probabilities(self, token_ids: TokenIds) -> Probabilities:
        """Run the network.

        Args:
            token_ids: int32, shape (rows, tokens), PAD on the left.

        Returns:
            float32, shape (rows, numbers), or (rows, tokens, numbers) with a label at every token;
            what stands at PAD means nothing.
        """


@dataclass(frozen=True, eq=False)
class KerasNetwork:
    """A Keras model, run by TensorFlow."""

    model: Any

    @property
    def masks_padding(self) -> bool:
        """Whether PAD is passed over."""
        return any(getattr(layer, "mask_zero", False) for layer in self.model.layers)

    def probabilities(self, token_ids: TokenIds) -> Probabilities:
        """Run the network; see `Network`."""
        return np.asarray(self.model.predict_on_batch(token_ids))
