"""Reading on from a state against reading the whole prefix with Keras."""

import numpy as np
import pytest

from koprep.datasets import TaskSpec
from koprep.zoo import create_model
from koprep.zoo.backend import import_keras
from koprep.zoo.network import KerasNetwork
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.runtime import OnnxNetwork
from koprep.zoo.stateful import PrefixReader, StackedCells, next_token_reader

SIZE = 12


def networks(name, task):
    """The same network, run by Keras and by onnxruntime."""
    spec = TaskSpec(task=task, vocabulary_size=SIZE, maxlen=9, num_labels=SIZE)
    model = create_model(name, spec, units=5, embedding_size=4, dropout=0.3)
    rng = np.random.default_rng(0)  # larger weights than at the start, so that tokens differ
    model.set_weights([rng.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return KerasNetwork(model), OnnxNetwork(export_onnx(model, spec))


@pytest.mark.parametrize("name", ["simple_rnn", "lstm", "gru", "stacked_lstm"])
@pytest.mark.parametrize("task", ["language_model", "next_token"])
def test_a_state_stands_for_the_prefix(name, task):
    in_keras, in_onnx = networks(name, task)
    whole = PrefixReader(in_keras, 9)
    token_ids = np.random.default_rng(1).integers(1, SIZE, (3, 8))
    expected, _ = whole.read(token_ids, whole.start(3))
    for network, kind in ((in_keras, StackedCells), (in_onnx, OnnxNetwork)):
        reader = next_token_reader(network, SIZE, 9)
        assert isinstance(reader, kind)
        state = reader.start(3)
        for columns in (slice(0, 3), slice(3, 4), slice(4, 8)):
            found, state = reader.read(token_ids[:, columns], state)
        assert np.abs(found - expected).max() < 1e-5
        assert np.allclose(found.sum(axis=1), 1)


def test_rows_can_be_chosen_again():
    in_keras, in_onnx = networks("lstm", "language_model")
    token_ids = np.array([[1, 2], [3, 4], [5, 6]])
    stateful = (next_token_reader(network, SIZE, 9) for network in (in_keras, in_onnx))
    for reader in (*stateful, PrefixReader(in_keras, 9)):
        _, state = reader.read(token_ids, reader.start(3))
        chosen, _ = reader.read(np.array([[7], [7]]), reader.select(state, [2, 0]))
        expected, _ = reader.read(np.array([[5, 6, 7], [1, 2, 7]]), reader.start(2))
        assert np.abs(chosen - expected).max() < 1e-5


def stack(*layers):
    keras = import_keras()
    softmax = keras.layers.Dense(SIZE, activation="softmax")
    model = keras.Sequential([keras.layers.Embedding(SIZE, 4, mask_zero=True), *layers, softmax])
    model.build((None, None))
    return model


def other_models():
    layers = import_keras().layers
    yield stack(layers.GlobalAveragePooling1D())
    yield stack(layers.Bidirectional(layers.GRU(3)))
    yield stack(layers.GRU(3, activation="relu"))
    yield stack(layers.SimpleRNN(3, go_backwards=True))
    yield stack(layers.LSTM(3, use_bias=False))
    yield stack(layers.GRU(3, reset_after=False))


def test_models_of_other_layers_read_the_prefix_again():
    for model in other_models():
        for weight in model.weights:
            weight.assign(np.random.default_rng(2).normal(0, 1, weight.shape))
        reader = next_token_reader(KerasNetwork(model), SIZE, 9)
        assert isinstance(reader, PrefixReader)
        probabilities, state = reader.read(np.array([[1, 2]]), reader.start(1))
        probabilities, _ = reader.read(np.array([[3]]), state)
        assert np.allclose(probabilities, model(np.array([[1, 2, 3]])), atol=1e-6)


def test_a_prefix_longer_than_the_rows_of_training_loses_its_beginning():
    reader = PrefixReader(networks("gru", "next_token")[0], 4)
    found, _ = reader.read(np.array([[9, 9, 1, 2, 3, 4]]), reader.start(1))
    expected, _ = reader.read(np.array([[1, 2, 3, 4]]), reader.start(1))
    assert np.allclose(found, expected)
