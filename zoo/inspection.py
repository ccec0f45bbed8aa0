"""Looking into a trained classifier: its states, its gates, its mind after each token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import Aligned, align
from koprep.padding import Ragged, pad_sequences

from .backend import import_keras
from .cell_reference import CELLS
from .classifier import TextClassifier
from .predicting import of_labels
from .stateful import IGNORED

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a classifier computes while it reads one text, token by token."""

    tokens: tuple[str, ...]
    """As the vocabulary writes them; unknown ones are the OOV token."""
    hidden: Vectors
    """The hidden state after each token, shape (tokens, units)."""
    gates: Mapping[str, Vectors]
    """The gates by name, each of shape (tokens, units); a SimpleRNN has none."""
    probabilities: Vectors
    """Of each label, had the text ended after that token; shape (tokens, num_labels)."""


@dataclass(frozen=True)
class Occlusion:
    """What one token does for a prediction."""

    token: str
    start: int
    end: int
    """The token's place [start, end) in the raw text, in characters."""
    importance: float
    """Probability of the predicted label with the token less that with OOV in its place: above 0
    the token speaks for the label, below 0 against it."""


def read_along(classifier: TextClassifier, text: str) -> Reading:
    """Follow a classifier through a text by the equations of `cell_reference`.

    Args:
        classifier: fitted; Embedding, one recurrent layer that reads forward, Dense.
        text: raw.

    Raises:
        ValueError: the model is of another make, or the text has no token it knows.
    """
    embedding, cell_layer, dense = _three_layers(classifier)
    token_ids = _read_part(classifier, text).token_ids
    cell = CELLS[type(cell_layer).__name__].from_weights(cell_layer.get_weights())
    vectors = embedding.get_weights()[0][token_ids]
    steps = cell.run(vectors[None, :, :])
    hidden = np.concatenate([step.hidden for step in steps])
    gates = {name: np.concatenate([step.gates[name] for step in steps]) for name in steps[0].gates}
    return Reading(
        tokens=tuple(classifier.preprocessor_.vocabulary_.tokens[i] for i in token_ids),
        hidden=hidden,
        gates=gates,
        probabilities=of_labels(np.asarray(dense(hidden))),
    )


def probabilities_after_each_token(classifier: TextClassifier, text: str) -> Vectors:
    """Return what any classifier says of the text's first token, first two tokens, and so on.

    Returns:
        float32, shape (tokens, num_labels).

    Raises:
        ValueError: the text has no token the classifier knows.
    """
    token_ids = _read_part(classifier, text).token_ids
    return _predict(classifier, [token_ids[: end + 1] for end in range(len(token_ids))])


def occlusion(classifier: TextClassifier, text: str) -> list[Occlusion]:
    """Return how much each token of a text speaks for the label it is given.

    Each token in turn is hidden behind the OOV token, so the text keeps its length; without an
    OOV token it is left out.

    Raises:
        ValueError: the text has no token the classifier knows.
    """
    read = _read_part(classifier, text)
    vocabulary = classifier.preprocessor_.vocabulary_
    instead = vocabulary.oov_ids[:1]
    ids = read.token_ids
    hidden = [[*ids[:place], *instead, *ids[place + 1 :]] for place in range(len(ids))]
    whole, *without = _predict(classifier, [ids, *hidden])
    label = int(whole.argmax())
    return [
        Occlusion(vocabulary.tokens[token_id], start, end, float(whole[label] - row[label]))
        for token_id, (start, end), row in zip(ids, read.spans, without, strict=True)
    ]


def gradient_norms(layer: Any, inputs: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Measure how much of the last state's gradient reaches each earlier input of a layer.

    The gradient of the sum of the last hidden state with respect to each x_t, taken with
    `tf.GradientTape`. Norms that fall towards the first token vanish, norms that rise explode.

    Args:
        layer: a Keras SimpleRNN, LSTM or GRU, trained or not, that returns its last state.
        inputs: shape (rows, tokens, features).

    Returns:
        The mean norm over the rows, 1.0 at the last token; float64, shape (tokens,).

    Raises:
        ValueError: the layer returns sequences.
    """
    import_keras()
    import tensorflow as tf

    vectors = tf.constant(inputs, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        last = layer(vectors)
        if len(last.shape) != 2:
            raise ValueError("give a layer that returns its last state: return_sequences=False")
        total = tf.reduce_sum(last)
    norms = np.linalg.norm(np.asarray(tape.gradient(total, vectors), np.float64), axis=-1)
    relative: npt.NDArray[np.float64] = norms.mean(axis=0) / norms.mean(axis=0)[-1]
    return relative


def answer_gradient_norms(classifier: TextClassifier, text: str) -> npt.NDArray[np.float64]:
    """Measure how strongly a trained classifier's answer depends on each token's vector.

    The norm of the gradient of the predicted label's log probability with respect to each
    embedded token, taken with `tf.GradientTape`.

    Returns:
        float64, shape (tokens,).

    Raises:
        ValueError: the model does not begin with an embedding, or the text has no known token.
    """
    import_keras()
    import tensorflow as tf

    network = classifier.model_
    embedding = next((layer for layer in network.layers if _kind(layer) == "Embedding"), None)
    if embedding is None:
        raise ValueError(f"model {classifier.model!r} does not begin with an embedding")
    token_ids = np.array([_read_part(classifier, text).token_ids], np.int32)
    with tf.GradientTape() as tape:
        output = network(token_ids)[0]
        if output.shape[0] == 1:  # one sigmoid, of label 1
            output = tf.concat([1 - output, output], axis=0)
        answer = tf.math.log(tf.reduce_max(output))
    looked_up = tape.gradient(answer, embedding.embeddings.value)  # a row for each look-up
    rows = np.asarray(looked_up.values, np.float64).reshape(len(token_ids[0]), -1)
    norms: npt.NDArray[np.float64] = np.linalg.norm(rows, axis=-1)
    return norms


def _three_layers(classifier: TextClassifier) -> tuple[Any, Any, Any]:
    layers = [layer for layer in classifier.model_.layers if _kind(layer) not in IGNORED]
    kinds = [_kind(layer) for layer in layers]
    if len(kinds) != 3 or kinds[0] != "Embedding" or kinds[1] not in CELLS or kinds[2] != "Dense":
        raise ValueError(
            f"model {classifier.model!r} is {' -> '.join(kinds)}: states can be followed through "
            f"Embedding -> {' | '.join(CELLS)} -> Dense"
        )
    return layers[0], layers[1], layers[2]


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _read_part(classifier: TextClassifier, text: str) -> Aligned:
    """Return the ids the network reads of a text, without padding, and their places."""
    preprocessor = classifier.preprocessor_
    (whole,) = align(preprocessor, [text])
    maxlen = preprocessor.maxlen_
    kept = slice(-maxlen, None) if preprocessor.truncating == "pre" else slice(maxlen)
    if not whole.token_ids:
        raise ValueError(f"{text!r} has no token to look at")
    return Aligned(whole.token_ids[kept], whole.spans[kept])


def _predict(classifier: TextClassifier, rows: list[list[int]]) -> Vectors:
    padded = pad_sequences(Ragged.from_rows(rows), classifier.spec_.maxlen)
    return classifier.label_probabilities(padded)
