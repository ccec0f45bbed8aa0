"""What an estimator predicts with: a network, whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from koprep.datasets import TaskSpec

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


def check_answer(found: Probabilities, spec: TaskSpec) -> Probabilities:
    """Return a network's answer, unless it is none.

    Raises:
        ValueError: it has not the shape that the task asks for, or holds NaN or infinite numbers.
    """
    both = spec.task == "classification" and spec.num_labels == 2 and found.shape[-1] == 1
    if found.ndim != (3 if spec.per_token else 2) or (
        found.shape[-1] != spec.num_labels and not both
    ):
        raise ValueError(
            f"the network answers with an array of shape {found.shape}, which is no answer for "
            f"{spec.task} with {spec.num_labels:,} labels: it is another model's"
        )
    check_numbers(found)
    return found


def check_numbers(found: npt.NDArray[np.floating]) -> None:
    """Refuse probabilities that are none.

    Raises:
        ValueError: NaN or infinite numbers among them.
    """
    if np.count_nonzero(np.isfinite(found)) < found.size:
        raise ValueError(
            "the network answers with numbers that are none (NaN): its weights are damaged; "
            "copy the bundle again, or train again"
        )


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
