"""Keras layers as ONNX nodes: native RNN, LSTM and GRU operators, any batch and any length.

Inside the graph the steps come first, (tokens, batch, numbers), as the operators read them.
Operators: https://onnx.ai/onnx/operators. Needs the `onnx` package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from .cell_reference import unusual_setting
from .onnx_format import EmbeddingType, OnnxExportError, next_state_name, state_name

Array = npt.NDArray[Any]

OPSET, IR_VERSION = 18, 8
"""ONNX 1.13's. onnxruntime 1.20 reads opsets up to 21 and IR versions up to 10, and every older one
(https://onnxruntime.ai/docs/reference/compatibility.html)."""

SMALLEST_SCALE = float(np.finfo(np.float32).tiny)
"""Of an int8 row: a row of zeros, as PAD's may be, must not be divided by zero."""


HALVED_NUMBERS = 1 << 14
"""Numbers of a weight matrix, at least, that is stored as float16 where the embedding is stored
smaller than float32; onnxruntime makes it float32 again when it opens the file."""


class CellOperator(NamedTuple):
    """How Keras' weights of a recurrent layer are laid out for its ONNX operator."""

    operator: str
    order: tuple[int, ...]
    """Keras' blocks of weights in the order of ONNX: GRU z r h, LSTM i o f c."""
    states: int = 1
    """States that a step hands on."""


CELL_OPERATORS: dict[str, CellOperator] = {
    "SimpleRNN": CellOperator("RNN", (0,)),
    "LSTM": CellOperator("LSTM", (0, 3, 1, 2), states=2),
    "GRU": CellOperator("GRU", (0, 1, 2)),
}
"""Keras layer -> its operator."""

STEPS = "steps"
"""The token ids, (tokens, batch)."""

DENSE_ACTIVATIONS = {"relu": "Relu", "sigmoid": "Sigmoid", "softmax": "Softmax", "tanh": "Tanh"}
"""Keras' name -> operator; `linear` needs none."""


class GraphWriter:
    """Writes one graph, layer by layer; `values` is what the last layer gave.

    Args:
        embedding: how the embedding is stored.
        masks_padding: pass over PAD where steps are pooled; recurrent layers read `lengths`.
        keeps_state: hand the states of the recurrent layers in and out, so that a row can be read
            in parts; each is float32 of shape (1, batch, units).
    """

    def __init__(self, embedding: EmbeddingType, *, masks_padding: bool, keeps_state: bool) -> None:
        self.embedding = embedding
        self.masks_padding = masks_padding
        self.keeps_state = keeps_state
        self.values = ""
        self.per_token: bool = True
        self._nodes: list[Any] = []
        self._weights: dict[str, Array] = {}
        self._states: list[int] = []
        self._named: set[str] = set()

    def write(self, layer: Any) -> None:
        """Write a layer behind the last one.

        Raises:
            OnnxExportError: a layer that has no place here, or has settings that have none.
        """
        kind, home = type(layer).__name__, type(layer).__module__.partition(".")[0]
        if kind not in _WRITERS or home not in ("keras", "koprep"):
            raise OnnxExportError(f"layer {layer.name!r}, a {kind}, has no ONNX form here")
        _WRITERS[kind](self, layer)

    def model(self, properties: Mapping[str, str]) -> Any:
        """Return what was written as an ONNX `ModelProto` with `properties`."""
        declared, integer = helper.make_tensor_value_info, TensorProto.INT32
        shape: list[str | int | None] = ["batch", "labels"]
        if self.per_token:
            self._node("Transpose", self.values, output="probabilities", perm=[1, 0, 2])
            shape.insert(1, "tokens")
        else:
            self._node("Identity", self.values, output="probabilities")
        states: list[tuple[int, list[str | int | None]]] = [
            (number, [1, "batch", units]) for number, units in enumerate(self._states)
        ]
        graph = helper.make_graph(
            self._nodes,
            "koprep",
            [
                declared("token_ids", integer, ["batch", "tokens"]),
                declared("lengths", integer, ["batch"]),
                *(declared(state_name(i), TensorProto.FLOAT, form) for i, form in states),
            ],
            [
                declared("probabilities", TensorProto.FLOAT, shape),
                *(declared(next_state_name(i), TensorProto.FLOAT, form) for i, form in states),
            ],
            [numpy_helper.from_array(array, name) for name, array in self._weights.items()],
        )
        model = helper.make_model(
            graph,
            producer_name="koprep",
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )
        helper.set_model_props(model, dict(properties))
        return model

    def embed(self, layer: Any) -> None:
        """Look up a vector for each token."""
        (table,) = layer.get_weights()
        self._node("Transpose", "token_ids", output=STEPS, perm=[1, 0])
        if self.embedding == "int8":
            scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / 127, SMALLEST_SCALE)
            rows = self._weight("embedding", np.rint(table / scale).astype(np.int8))
            scales = self._weight("embedding_scale", scale.astype(np.float32))
            vectors = self._node("Cast", self._node("Gather", rows, STEPS), to=TensorProto.FLOAT)
            self.values = self._node("Mul", vectors, self._node("Gather", scales, STEPS))
            return
        rows = self._weight("embedding", table.astype(self.embedding))
        self.values = self._node("Gather", rows, STEPS)
        if self.embedding == "float16":
            self.values = self._node("Cast", self.values, to=TensorProto.FLOAT)

    def recur(self, layer: Any) -> None:
        """Read forwards."""
        self._cells([layer], layer.return_sequences)

    def recur_both_ways(self, layer: Any) -> None:
        """Read forwards and backwards, and join both states."""
        cells = [layer.forward_layer, layer.backward_layer]
        kinds = [type(cell).__name__ for cell in cells]
        if layer.merge_mode != "concat" or kinds[0] != kinds[1] or kinds[0] not in CELL_OPERATORS:
            raise OnnxExportError(
                f"layer {layer.name!r} joins {' and '.join(kinds)} by {layer.merge_mode}: only two "
                f"of the same of {', '.join(CELL_OPERATORS)}, concatenated, have an ONNX form here"
            )
        self._cells(cells, layer.return_sequences)

    def _cells(self, layers: Sequence[Any], sequences: bool) -> None:
        cell = CELL_OPERATORS[type(layers[0]).__name__]
        for number, layer in enumerate(layers):
            _check_cell(layer, backwards=number == 1)
        first, ways = layers[0], len(layers)
        units = int(first.units)
        weights = [_blocks(layer.get_weights(), cell.order) for layer in layers]
        w, r, b = (
            self._matrix(f"{first.name}_{part}", np.stack(arrays))
            for part, arrays in zip("WRB", zip(*weights, strict=True), strict=True)
        )
        inputs = [self.values, w, r, b, "lengths"]
        settings: dict[str, Any] = {"hidden_size": units}
        if ways == 2:
            settings["direction"] = "bidirectional"
        if cell.operator == "GRU":
            settings["linear_before_reset"] = 1  # Keras' reset_after
        outputs = [f"{first.name}_steps", f"{first.name}_last"]
        if self.keeps_state:
            places = range(len(self._states), len(self._states) + cell.states)
            inputs += map(state_name, places)
            outputs[1:] = map(next_state_name, places)
            self._states += [units] * cell.states
        self._nodes.append(helper.make_node(cell.operator, inputs, outputs, **settings))
        if sequences:  # (tokens, ways, batch, units)
            steps = self._node("Transpose", outputs[0], perm=[0, 2, 1, 3])
            self.values = self._reshape(steps, [0, 0, ways * units])
        else:  # (ways, batch, units)
            last = self._node("Transpose", outputs[1], perm=[1, 0, 2])
            self.values = self._reshape(last, [0, ways * units])
        self.per_token = sequences

    def pool(self, layer: Any) -> None:
        """Join maximum and mean over the steps of each row; zeros for a row of none."""
        if not self.per_token:
            raise OnnxExportError(f"layer {layer.name!r} pools steps, and there are none")
        writers = {
            "max": self._masked_max if self.masks_padding else self._plain("ReduceMax"),
            "mean": self._masked_mean if self.masks_padding else self._plain("ReduceMean"),
        }
        pooled = [writers[kind]() for kind in layer.kinds]
        self.values = self._node("Concat", *pooled, axis=-1)
        self.per_token = False

    def _plain(self, operator: str) -> Callable[[], str]:
        return lambda: self._node(operator, self.values, self._first_axis(), keepdims=0)

    def _masked_max(self) -> str:
        lowest = self._weight("lowest", np.float32(np.finfo(np.float32).min))
        masked = self._node("Where", self._real(), self.values, lowest)
        highest = self._node("ReduceMax", masked, self._first_axis(), keepdims=0)
        return self._node("Mul", highest, self._node("Min", self._count(), self._one()))

    def _masked_mean(self) -> str:
        kept = self._node("Cast", self._real(), to=TensorProto.FLOAT)
        masked = self._node("Mul", self.values, kept)
        total = self._node("ReduceSum", masked, self._first_axis(), keepdims=0)
        return self._node("Div", total, self._node("Max", self._count(), self._one()))

    def _real(self) -> str:
        """Return where tokens are, bool (tokens, batch, 1)."""
        last_axis = self._weight("last_axis", np.array([-1], np.int64))
        return self._once(
            "real",
            "Unsqueeze",
            self._once("is_token", "Cast", STEPS, to=TensorProto.BOOL),
            last_axis,
        )

    def _count(self) -> str:
        """Return the tokens a row, float32 (batch, 1)."""
        last_axis = self._weight("last_axis", np.array([-1], np.int64))
        return self._once(
            "count",
            "Unsqueeze",
            self._once("counts", "Cast", "lengths", to=TensorProto.FLOAT),
            last_axis,
        )

    def _one(self) -> str:
        return self._weight("one", np.float32(1))

    def _first_axis(self) -> str:
        return self._weight("first_axis", np.array([0], np.int64))

    def dense(self, layer: Any) -> None:
        """Multiply, add, activate."""
        activation = layer.get_config()["activation"]
        if activation != "linear" and activation not in DENSE_ACTIVATIONS:
            raise OnnxExportError(f"layer {layer.name!r}: activation {activation!r}")
        kernel, *bias = layer.get_weights()
        self.values = self._node(
            "MatMul", self.values, self._matrix(f"{layer.name}_kernel", kernel)
        )
        if bias:
            self.values = self._node("Add", self.values, self._weight(f"{layer.name}_bias", *bias))
        if activation != "linear":
            along: dict[str, Any] = {"axis": -1} if activation == "softmax" else {}
            self.values = self._node(DENSE_ACTIVATIONS[activation], self.values, **along)

    def _node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node with one output; return the output's name."""
        name = output or f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def _weight(self, name: str, values: Array | np.generic) -> str:
        """Add a constant; return its name."""
        self._weights[name] = np.ascontiguousarray(values) if values.ndim else np.asarray(values)
        return name

    def _matrix(self, name: str, values: Array) -> str:
        """Add a layer's weights; return their name. Large ones are halved with the embedding."""
        if self.embedding == "float32" or values.size < HALVED_NUMBERS:
            return self._weight(name, values)
        halves = self._weight(f"{name}_halves", values.astype(np.float16))
        return self._node("Cast", halves, output=name, to=TensorProto.FLOAT)

    def _reshape(self, values: str, shape: list[int]) -> str:
        name = self._weight("shape_" + "_".join(map(str, shape)), np.array(shape, np.int64))
        return self._node("Reshape", values, name)

    def _once(self, name: str, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node of this name if there is none; return the name."""
        if name not in self._named:
            self._named.add(name)
            self._node(operator, *inputs, output=name, **attributes)
        return name


_WRITERS: dict[str, Callable[[GraphWriter, Any], None]] = {
    "Embedding": GraphWriter.embed,
    **dict.fromkeys(CELL_OPERATORS, GraphWriter.recur),
    "Bidirectional": GraphWriter.recur_both_ways,
    "MaskedPooling": GraphWriter.pool,
    "Dense": GraphWriter.dense,
}
"""Keras layer -> what writes it."""


def _blocks(weights: Sequence[Array], order: Sequence[int]) -> tuple[Array, Array, Array]:
    """Return W (blocks * units, numbers), R (blocks * units, units), B (2 * blocks * units,)."""
    kernel, recurrent_kernel, bias = weights

    def ordered(values: Array) -> Array:
        blocks = np.split(values, len(order), axis=-1)
        return np.concatenate([blocks[block] for block in order], axis=-1)

    if bias.ndim == 1:  # one bias for inputs and state together
        bias = np.stack([bias, np.zeros_like(bias)])
    return ordered(kernel).T, ordered(recurrent_kernel).T, ordered(bias).reshape(-1)


def _check_cell(layer: Any, *, backwards: bool) -> None:
    if unusual := unusual_setting(layer.get_config(), backwards=backwards):
        name, value, needed = unusual
        raise OnnxExportError(
            f"layer {layer.name!r} has {name}={value!r}; only {needed!r} has an ONNX form here"
        )
