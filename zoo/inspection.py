"""Looking into a trained classifier: its states, its gates, its mind after each token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from koprep.explanation import ExplainedToken
from koprep.padding import Ragged, pad_sequences
from koprep.text_encoder import TextEncoder

from .backend import import_keras
from .cell_reference import CELLS
from .network import KerasNetwork, Network
from .predicting import LabelPredictor, of_labels
from .runtime import OnnxNetwork
from .stacked_cells import IGNORED, StackedCells

if TYPE_CHECKING:
    from .classifier import TextClassifier

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


class ReadToken(NamedTuple):
    """An id that a network reads, and the token it stands for."""

    token_id: int
    token: ExplainedToken


def read_along(classifier: TextClassifier | LabelPredictor, text: str) -> Reading:
    """Follow a classifier through a text by the equations of `cell_reference`.

    Args:
        classifier: fitted; Embedding, one recurrent layer that reads forward, Dense.
        text: raw.

    Raises:
        ValueError: the model is of another make, or the text has no token it knows.
        ModuleNotFoundError: the model was loaded, and `onnx` is not installed.
    """
    predictor = _predictor(classifier)
    cells = single_cell(predictor.network)
    if cells is None:
        raise ValueError(
            f"{_make(predictor.network)}: states can be followed through "
            f"Embedding -> {' | '.join(CELLS)} -> Dense, where padding is masked"
        )
    token_ids = [one.token_id for one in _read_tokens(predictor.encoder, text)]
    return follow(cells, predictor, token_ids)


def follow(cells: StackedCells, predictor: LabelPredictor, token_ids: Sequence[int]) -> Reading:
    """Do what `read_along` does, with a row that was encoded before.

    Args:
        cells: the predictor's network; see `single_cell`.
        predictor: whose vocabulary names the tokens.
        token_ids: one at least.
    """
    steps = cells.follow(token_ids)
    hidden = np.concatenate([step.hidden for step in steps])
    gates = {name: np.concatenate([step.gates[name] for step in steps]) for name in steps[0].gates}
    return Reading(
        tokens=tuple(predictor.encoder.vocabulary.tokens[i] for i in token_ids),
        hidden=hidden,
        gates=gates,
        probabilities=of_labels(cells.answer(hidden)),
    )


def single_cell(network: Network) -> StackedCells | None:
    """Return a network that can be followed in NumPy; None if it has other layers.

    One that does not mask padding reads it before the text, so it cannot be followed either.

    Raises:
        ModuleNotFoundError: the network is an exported one, and `onnx` is not installed.
    """
    cells = None
    if not network.masks_padding:
        return None
    if isinstance(network, KerasNetwork):
        cells = StackedCells.from_keras(network.model)
    elif isinstance(network, OnnxNetwork):
        try:
            from .onnx_weights import stacked_cells
        except ModuleNotFoundError as error:
            if error.name != "onnx":
                raise
            raise ModuleNotFoundError(
                "following a saved network needs the package onnx: pip install onnx", name="onnx"
            ) from error

        cells = stacked_cells(network.content)
    return cells if cells is not None and len(cells.cells) == 1 else None


def read_tokens(encoder: TextEncoder, text: str) -> list[ReadToken]:
    """Return what a network reads of a text: without padding and what is cut off."""
    explained = encoder.explain(text)
    whole = [ReadToken(token_id, one) for one in explained.tokens for token_id in one.token_ids]
    return encoder.kept(whole)


def probabilities_after_each_token(
    classifier: TextClassifier | LabelPredictor, text: str
) -> Vectors:
    """Return what a classifier's network says of the text's first token, first two, and so on.

    A model of characters beside it, which reads whole texts, has no say.

    Returns:
        float32, shape (tokens, num_labels).

    Raises:
        ValueError: the text has no token the classifier knows.
    """
    predictor = _predictor(classifier)
    token_ids = [one.token_id for one in _read_tokens(predictor.encoder, text)]
    return _predict(predictor, [token_ids[: end + 1] for end in range(len(token_ids))])


def occlusion(classifier: TextClassifier | LabelPredictor, text: str) -> list[Occlusion]:
    """Return how much each token of a text speaks for the label that the network gives it.

    Each token in turn is hidden behind the OOV token, so the text keeps its length; without an
    OOV token it is left out.

    Raises:
        ValueError: the text has no token the classifier knows.
    """
    predictor = _predictor(classifier)
    read = _read_tokens(predictor.encoder, text)
    tokens = predictor.encoder.vocabulary.tokens
    whole, without = occluded(predictor, [one.token_id for one in read])
    label = int(whole.argmax())
    return [
        Occlusion(
            tokens[one.token_id],
            one.token.raw_start,
            one.token.raw_end,
            float(whole[label] - row[label]),
        )
        for one, row in zip(read, without, strict=True)
    ]


def occluded(predictor: LabelPredictor, token_ids: Sequence[int]) -> tuple[Vectors, Vectors]:
    """Return the probability of each label of a row, and of the row without each of its tokens.

    See `occlusion`.

    Returns:
        float32, shapes (num_labels,) and (tokens, num_labels).
    """
    instead = predictor.encoder.vocabulary.oov_ids[:1]
    ids = list(token_ids)
    hidden = [[*ids[:place], *instead, *ids[place + 1 :]] for place in range(len(ids))]
    found = _predict(predictor, [ids, *hidden])
    return found[0], found[1:]


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
    read = _read_tokens(classifier.preprocessor_.encoder(), text)
    width = len(read) if KerasNetwork(network).masks_padding else classifier.spec_.maxlen
    token_ids = pad_sequences(Ragged.from_rows([[one.token_id for one in read]]), width)
    with tf.GradientTape() as tape:
        output = network(token_ids)[0]
        if output.shape[0] == 1:  # one sigmoid, of label 1
            output = tf.concat([1 - output, output], axis=0)
        answer = tf.math.log(tf.reduce_max(output))
    looked_up = tape.gradient(answer, embedding.embeddings.value)  # a row for each look-up
    rows = np.asarray(looked_up.values, np.float64).reshape(len(token_ids[0]), -1)
    norms: npt.NDArray[np.float64] = np.linalg.norm(rows, axis=-1)[-len(read) :]
    return norms


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _make(network: Network) -> str:
    """Say which layers a network has."""
    if not isinstance(network, KerasNetwork):
        return "the network has other layers"
    layers = [kind for kind in map(_kind, network.model.layers) if kind not in IGNORED]
    return f"the network is {' -> '.join(layers)}"


def _predictor(classifier: TextClassifier | LabelPredictor) -> LabelPredictor:
    return classifier if isinstance(classifier, LabelPredictor) else classifier.predictor()


def _read_tokens(encoder: TextEncoder, text: str) -> list[ReadToken]:
    """Do what `read_tokens` does, and refuse a text without tokens."""
    if not (read := read_tokens(encoder, text)):
        raise ValueError(f"{text!r} has no token to look at")
    return read


def _predict(predictor: LabelPredictor, rows: list[list[int]]) -> Vectors:
    padded = pad_sequences(Ragged.from_rows(rows), predictor.spec.maxlen)
    return predictor.label_probabilities(padded)
