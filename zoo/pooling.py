"""`MaskedPooling`: one vector of all steps' vectors, PAD passed over. Importing opens Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .backend import import_keras

keras: Any = import_keras()
ops = keras.ops
Layer: Any = keras.layers.Layer

KINDS = ("max", "mean")


@keras.saving.register_keras_serializable(package="koprep")
class MaskedPooling(Layer):  # type: ignore[misc]  # Keras is untyped
    """Join the maximum and the mean, or one of them, over the steps that are not masked.

    In: float (batch, steps, numbers), and the mask that comes with it. Out: float (batch,
    numbers * kinds), in the order of `kinds`; zeros for a row whose every step is masked.

    >>> pooling = MaskedPooling(("max", "mean"))
    >>> steps = [[[9.0], [1.0], [3.0]]]
    >>> pooling(ops.array(steps), mask=ops.array([[False, True, True]])).numpy().tolist()
    [[3.0, 2.0]]

    Raises:
        ValueError: a kind that is neither `"max"` nor `"mean"`.
    """

    def __init__(self, kinds: Sequence[str], **settings: Any) -> None:
        super().__init__(**settings)
        if not kinds or any(kind not in KINDS for kind in kinds):
            raise ValueError(f"kinds must be of {', '.join(KINDS)}, got {list(kinds)}")
        self.kinds = tuple(kinds)
        self.supports_masking = True

    def call(self, states: Any, mask: Any = None) -> Any:
        real = ops.ones_like(states[..., :1]) if mask is None else ops.cast(mask[..., None], "bool")
        real = ops.cast(real, states.dtype)
        count = ops.sum(real, axis=1)
        pooled = {
            "max": lambda: (
                ops.max(ops.where(real > 0, states, states.dtype.min), axis=1)
                * ops.cast(count > 0, states.dtype)
            ),
            "mean": lambda: ops.sum(states * real, axis=1) / ops.maximum(count, 1),
        }
        return ops.concatenate([pooled[kind]() for kind in self.kinds], axis=-1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None  # the steps are gone

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> tuple[int | None, ...]:
        return input_shape[0], (input_shape[-1] or 0) * len(self.kinds)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kinds": list(self.kinds)}
