"""Embedding -> SimpleRNN | LSTM | GRU -> Dense, and the network that cannot see order.

Bidirectional, stacked and pooled forms are the same trunk; a head for the task ends them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from koprep.datasets import TaskSpec

from .backend import import_keras

CellName = Literal["simple_rnn", "lstm", "gru"]

LAYERS: dict[CellName, str] = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
"""A cell's name -> the Keras layer."""


@dataclass(frozen=True, kw_only=True)
class NetworkConfig:
    """Settings of the network that cannot see order, and of every other one.

    >>> NetworkConfig(units=64).embedding_size
    128
    """

    embedding_size: int = 128
    """Numbers a token."""
    freeze_embedding: bool = False
    """Leave the embedding as it was given; only with an `embedding_matrix`."""
    units: int = 128
    """Numbers in the hidden state."""
    dropout: float = 0.0
    """Share of the embedding's numbers, and of the last hidden state's, dropped while training."""
    word_dropout: float = 0.0
    """Share of the tokens whose whole vector is dropped while training."""
    mask_padding: bool = True
    """Pass over PAD, so that a prediction never depends on padding; the course's models do not."""

    def __post_init__(self) -> None:
        for name in ("embedding_size", "units"):
            check_count(name, getattr(self, name))
        for name in ("dropout", "word_dropout"):
            check_share(name, getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class RecurrentConfig(NetworkConfig):
    """Settings of a recurrent network.

    >>> RecurrentConfig(layers=2).units
    128
    """

    layers: int = 1
    """Recurrent layers; all but the last hand on the state of every token."""
    recurrent_dropout: float = 0.0
    """Share of the state dropped between steps, the same numbers at every step of a text."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("layers", self.layers)
        check_share("recurrent_dropout", self.recurrent_dropout)


def check_count(name: str, value: object) -> None:
    """Refuse what is no number of things; NumPy's numbers could not be saved as JSON.

    Raises:
        TypeError: no `int`.
        ValueError: below 1.
    """
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number (int), got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def check_share(name: str, value: object) -> None:
    """Refuse what is no share of numbers to drop.

    Raises:
        TypeError: no `int` or `float`.
        ValueError: below 0, or 1 and more.
    """
    if not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number (float), got {value!r}")
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {value}")


def build_recurrent(
    spec: TaskSpec,
    config: RecurrentConfig,
    *,
    cell: CellName,
    bidirectional: bool = False,
    pooled: bool = False,
) -> Any:
    """Build an uncompiled recurrent Keras model; `create_model` tells its input and output.

    Args:
        spec: the task.
        config: the settings.
        cell: the recurrent layer.
        bidirectional: read forwards and backwards, and join both states.
        pooled: end in the maximum and the mean over all steps, not in the last state.
    """
    keras = import_keras()
    token_ids, vectors = _embedded(keras, spec, config)
    states = vectors
    for number in range(1, config.layers + 1):
        name = cell if config.layers == 1 else f"{cell}_{number}"
        layer = getattr(keras.layers, LAYERS[cell])(
            config.units,
            return_sequences=spec.per_token or pooled or number < config.layers,
            recurrent_dropout=config.recurrent_dropout,
            name=name,
        )
        if bidirectional:
            layer = keras.layers.Bidirectional(layer, name=f"bi{name}")
        states = layer(states)
    if pooled:
        from .pooling import MaskedPooling  # opens Keras

        states = MaskedPooling(("max", "mean"), name="pooling")(states)
    prefix, suffix = "bi" * bidirectional, "_pool" * pooled
    return _finished(keras, spec, config, token_ids, states, f"{prefix}{cell}{suffix}")


def build_mlp(spec: TaskSpec, config: NetworkConfig) -> Any:
    """Build an uncompiled feed-forward Keras model, which sees the tokens and not their order.

    A text is the mean of its tokens' vectors; with a label at every token, each is labelled by
    its own vector alone.
    """
    keras = import_keras()
    token_ids, vectors = _embedded(keras, spec, config)
    if not spec.per_token:
        from .pooling import MaskedPooling  # opens Keras

        vectors = MaskedPooling(("mean",), name="pooling")(vectors)
    hidden = keras.layers.Dense(config.units, activation="relu", name="hidden")(vectors)
    return _finished(keras, spec, config, token_ids, hidden, "mlp")


def _embedded(keras: Any, spec: TaskSpec, config: NetworkConfig) -> tuple[Any, Any]:
    layers = keras.layers
    token_ids = layers.Input((None,), dtype="int32", name="token_ids")
    vectors = layers.Embedding(
        spec.vocabulary_size,
        config.embedding_size,
        mask_zero=config.mask_padding,
        trainable=not config.freeze_embedding,
        name="embedding",
    )(token_ids)
    if config.word_dropout:
        whole_vectors = (None, None, 1)
        vectors = layers.Dropout(
            config.word_dropout, noise_shape=whole_vectors, name="word_dropout"
        )(vectors)
    if config.dropout:
        vectors = layers.Dropout(config.dropout, name="embedding_dropout")(vectors)
    return token_ids, vectors


def _finished(
    keras: Any, spec: TaskSpec, config: NetworkConfig, token_ids: Any, states: Any, name: str
) -> Any:
    if config.dropout:
        states = keras.layers.Dropout(config.dropout, name="state_dropout")(states)
    return keras.Model(token_ids, _head(spec, keras.layers)(states), name=name)


def _head(spec: TaskSpec, layers: Any) -> Any:
    """Return the last layer; on states of every token it is the course's TimeDistributed(Dense).

    Dense does that by itself, and Keras 3.15's TimeDistributed takes the number of texts for the
    number of tokens where the latter is not known beforehand.
    """
    if spec.task == "classification" and spec.num_labels == 2:
        return layers.Dense(1, activation="sigmoid", name="probability")
    return layers.Dense(spec.num_labels, activation="softmax", name="probabilities")
