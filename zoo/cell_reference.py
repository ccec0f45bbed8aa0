"""The cells' equations, written once, in NumPy: one step, and a whole row of steps.

What a Keras layer computes can be followed here gate by gate. A cell takes the layer's own
weights, so a trained layer is read with `layer.get_weights()`. Vectors are rows: ``x @ W``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Step:
    """What a cell computes at one token."""

    state: tuple[Array, ...]
    """What the next step reads; the first is the hidden state h, shape (rows, units)."""
    gates: Mapping[str, Array]
    """The gates by name, each of shape (rows, units)."""

    @property
    def hidden(self) -> Array:
        """The hidden state: the cell's output, shape (rows, units)."""
        return self.state[0]


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell with the weights of its Keras layer.

    Args:
        kernel: W of the inputs, shape (features, blocks * units).
        recurrent_kernel: W of the hidden state, shape (units, blocks * units).
        bias: b, of the shape the layer has; zeros for a layer without one.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array

    states: ClassVar[int] = 1
    """Arrays a state has."""

    @property
    def units(self) -> int:
        """Numbers in the hidden state."""
        return len(self.recurrent_kernel)

    @classmethod
    def from_weights(cls, weights: Sequence[Array]) -> Self:
        """Take what a Keras layer's `get_weights()` returns.

        Raises:
            ValueError: not the three arrays of a layer with a bias.
        """
        if len(weights) != 3:
            raise ValueError(f"expected kernel, recurrent kernel and bias, got {len(weights)}")
        return cls(*weights)

    def start(self, rows: int) -> tuple[Array, ...]:
        """Return the state before the first token: zeros."""
        shape = (rows, self.units)
        return tuple(np.zeros(shape, self.kernel.dtype) for _ in range(self.states))

    def step(self, inputs: Array, state: tuple[Array, ...]) -> Step:
        """Read one token.

        Args:
            inputs: x_t, shape (rows, features).
            state: of the token before, or `start`.
        """
        raise NotImplementedError

    def run(self, inputs: Array) -> list[Step]:
        """Read tokens one after the other; `inputs` has the shape (rows, tokens, features)."""
        state = self.start(len(inputs))
        steps: list[Step] = []
        for token in range(inputs.shape[1]):
            steps.append(self.step(inputs[:, token], state))
            state = steps[-1].state
        return steps


class SimpleRNNCell(Cell):
    """h_t = tanh(x_t W_x + h_{t-1} W_h + b).

    >>> cell = SimpleRNNCell(np.eye(2), np.zeros((2, 2)), np.zeros(2))
    >>> cell.step(np.array([[0.0, 100.0]]), cell.start(1)).hidden
    array([[0., 1.]])
    """

    def step(self, inputs: Array, state: tuple[Array, ...]) -> Step:
        (hidden,) = state
        new = np.tanh(inputs @ self.kernel + hidden @ self.recurrent_kernel + self.bias)
        return Step((new,), {})


class LSTMCell(Cell):
    """Input, forget and output gates around a cell state C.

    i = σ(x W_xi + h W_hi + b_i), f = σ(x W_xf + h W_hf + b_f), g = tanh(x W_xg + h W_hg + b_g),
    o = σ(x W_xo + h W_ho + b_o), C_t = f ∘ C_{t-1} + i ∘ g, h_t = o ∘ tanh(C_t).
    The state is (h, C); `gates` holds i, f, g and o. Keras keeps the blocks in the order i f g o.
    """

    states: ClassVar[int] = 2

    def step(self, inputs: Array, state: tuple[Array, ...]) -> Step:
        hidden, carry = state
        blocks = inputs @ self.kernel + hidden @ self.recurrent_kernel + self.bias
        gates: list[Array] = np.split(blocks, 4, axis=-1)
        i, f, g, o = sigmoid(gates[0]), sigmoid(gates[1]), np.tanh(gates[2]), sigmoid(gates[3])
        carry = f * carry + i * g
        return Step((o * np.tanh(carry), carry), {"i": i, "f": f, "g": g, "o": o})


class GRUCell(Cell):
    """Update gate z, reset gate r, candidate n, as Keras computes them (`reset_after=True`).

    z = σ(x W_xz + b_xz + h W_hz + b_hz), r = σ(x W_xr + b_xr + h W_hr + b_hr),
    n = tanh(x W_xn + b_xn + r ∘ (h W_hn + b_hn)), h_t = z ∘ h_{t-1} + (1 - z) ∘ n.
    `gates` holds z, r and n. Keras keeps the blocks in the order z r n, and two rows of bias:
    one for the inputs, one for the hidden state.
    """

    def step(self, inputs: Array, state: tuple[Array, ...]) -> Step:
        (hidden,) = state
        input_bias, hidden_bias = self.bias
        xz, xr, xn = np.split(inputs @ self.kernel + input_bias, 3, axis=-1)
        hz, hr, hn = np.split(hidden @ self.recurrent_kernel + hidden_bias, 3, axis=-1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        n = np.tanh(xn + r * hn)
        return Step((z * hidden + (1 - z) * n,), {"z": z, "r": r, "n": n})


CELLS: dict[str, type[Cell]] = {"SimpleRNN": SimpleRNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
"""Name of the Keras layer -> its cell."""


def sigmoid(values: Array) -> Array:
    """Return 1 / (1 + exp(-x)), without overflow.

    >>> sigmoid(np.array([-1000.0, 0.0]))
    array([0. , 0.5])
    """
    result: Array = 0.5 * (1 + np.tanh(0.5 * values))
    return result


def unusual_setting(
    settings: Mapping[str, Any], *, backwards: bool = False
) -> tuple[str, Any, Any] | None:
    """Return a setting by which a Keras layer computes something else than its cell here does.

    Args:
        settings: what the layer's `get_config()` gives.
        backwards: whether the layer has to read from the end.

    Returns:
        Its name, its value, and the value it should have; None if there is no such setting.
    """
    needed = {
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "reset_after": True,
        "use_bias": True,
        "go_backwards": backwards,
        "stateful": False,
        "return_state": False,
    }
    for name, value in needed.items():
        if name in settings and settings[name] != value:
            return name, settings[name], value
    return None
