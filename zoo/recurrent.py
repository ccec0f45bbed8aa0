"""Embedding -> SimpleRNN | LSTM | GRU -> Dense: the trunk every head shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from koprep.datasets import TaskSpec

from .backend import import_keras

CELLS = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
"""Cell -> the Keras layer."""


@dataclass(frozen=True, kw_only=True)
class RecurrentConfig:
    """Settings of a recurrent network.

    >>> RecurrentConfig(cell="gru", units=64).embedding_size
    128
    """

    cell: str
    """One of `CELLS`."""
    embedding_size: int = 128
    """Numbers a token."""
    units: int = 128
    """Numbers in the hidden state."""
    dropout: float = 0.0
    """Share of the embedding's numbers, and of the hidden state's, dropped while training."""
    mask_padding: bool = True
    """Pass over PAD, so that a prediction never depends on padding; the course's models do not."""

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"cell must be one of {', '.join(CELLS)}, got {self.cell!r}")
        for name in ("embedding_size", "units"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, got {self.dropout}")


def build_recurrent(spec: TaskSpec, config: RecurrentConfig) -> Any:
    """Build the uncompiled Keras model; `create_model` tells its input and output."""
    keras = import_keras()
    layers = keras.layers
    token_ids = layers.Input((None,), dtype="int32", name="token_ids")
    vectors = layers.Embedding(
        spec.vocabulary_size, config.embedding_size, mask_zero=config.mask_padding, name="embedding"
    )(token_ids)
    if config.dropout:
        vectors = layers.Dropout(config.dropout, name="embedding_dropout")(vectors)
    recurrent = getattr(layers, CELLS[config.cell])
    states = recurrent(config.units, return_sequences=spec.per_token, name=config.cell)(vectors)
    if config.dropout:
        states = layers.Dropout(config.dropout, name="state_dropout")(states)
    return keras.Model(token_ids, _head(spec, layers)(states), name=config.cell)


def _head(spec: TaskSpec, layers: Any) -> Any:
    if spec.task == "classification" and spec.num_labels == 2:
        return layers.Dense(1, activation="sigmoid", name="probability")
    # Dense acts on the last axis, so it is TimeDistributed by itself. Keras' wrapper (3.15) runs
    # over as many steps as the batch has rows where the number of steps is open.
    return layers.Dense(spec.num_labels, activation="softmax", name="probabilities")
