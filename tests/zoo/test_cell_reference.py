"""The equations against the layers of Keras, over shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.zoo.backend import import_keras
from koprep.zoo.cell_reference import CELLS, Cell, sigmoid


@pytest.mark.parametrize("name", CELLS)
@settings(max_examples=8, deadline=None)
@given(
    rows=st.integers(1, 3),
    tokens=st.integers(1, 6),
    features=st.integers(1, 5),
    units=st.integers(1, 6),
    seed=st.integers(0, 2**31),
)
def test_every_step_is_what_keras_computes(name, rows, tokens, features, units, seed):
    rng = np.random.default_rng(seed)
    layer = getattr(import_keras().layers, name)(units, return_sequences=True, return_state=True)
    inputs = rng.normal(0, 2, (rows, tokens, features)).astype(np.float32)
    layer.build(inputs.shape)
    layer.set_weights([rng.normal(0, 1, w.shape).astype(np.float32) for w in layer.get_weights()])
    hidden, *last = map(np.asarray, layer(inputs))
    cell = CELLS[name].from_weights(layer.get_weights())
    steps = cell.run(inputs)
    assert np.abs(np.stack([step.hidden for step in steps], 1) - hidden).max() < 1e-5
    for mine, theirs in zip(steps[-1].state, last, strict=True):
        assert np.abs(mine - theirs).max() < 1e-5 * max(1, np.abs(theirs).max())


def test_the_lectures_shapes():
    groot = np.array([[[0.5, 0.4], [0.3, 0.1], [0.7, 0.5]]])
    cell = CELLS["SimpleRNN"](np.ones((2, 4)), np.ones((4, 4)), np.zeros(4))
    steps = cell.run(groot)
    assert [step.hidden.shape for step in steps] == [(1, 4)] * 3
    assert np.allclose(steps[0].hidden, np.tanh(0.9))
    assert np.allclose(steps[1].hidden, np.tanh(0.4 + 4 * np.tanh(0.9)))


def lstm(gate, bias):
    """A cell of one unit without weights, whose one gate is shut or open by its bias."""
    blocks = np.zeros(4)
    blocks["ifgo".index(gate)] = bias
    return CELLS["LSTM"](np.zeros((1, 4)), np.zeros((1, 4)), blocks)


def test_an_lstm_whose_input_gate_is_shut_keeps_the_past_alone():
    step = lstm("i", -100).step(np.ones((1, 1)), (np.zeros((1, 1)), np.full((1, 1), 3.0)))
    assert step.state[1] == pytest.approx(step.gates["f"] * 3)


def test_an_lstm_whose_forget_gate_is_shut_keeps_the_present_alone():
    step = lstm("f", -100).step(np.ones((1, 1)), (np.zeros((1, 1)), np.full((1, 1), 3.0)))
    assert step.state[1] == pytest.approx(step.gates["i"] * step.gates["g"])


def test_a_gru_whose_update_gate_is_open_changes_nothing():
    bias = np.array([[100.0, 0, 0], [0, 0, 0]])
    cell = CELLS["GRU"](np.ones((1, 3)), np.ones((1, 3)), bias)
    assert cell.step(np.ones((1, 1)), (np.full((1, 1), 0.7),)).hidden == pytest.approx(0.7)


def test_a_layer_without_bias_is_refused():
    with pytest.raises(ValueError, match="kernel, recurrent kernel and bias, got 2"):
        CELLS["GRU"].from_weights([np.zeros((1, 3)), np.zeros((1, 3))])


def test_a_cell_needs_its_equations():
    cell = Cell(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1))
    with pytest.raises(NotImplementedError):
        cell.run(np.zeros((1, 1, 1)))


@given(st.floats(-1e6, 1e6))
def test_the_sigmoid_never_overflows(value):
    with np.errstate(all="raise", under="ignore"):
        share = sigmoid(np.array(value))
    assert 0 <= share <= 1
    assert share + sigmoid(np.array(-value)) == pytest.approx(1)
