"""The weights of an exported network, read back from its `model.onnx`.

What `onnx_graph` writes is read here, and nothing else. Needs the `onnx` package.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from .cell_reference import CELLS, Cell
from .onnx_graph import CELL_OPERATORS
from .stacked_cells import StackedCells

Array = npt.NDArray[Any]

_LAYERS = {cell.operator: layer for layer, cell in CELL_OPERATORS.items()}
"""ONNX operator -> Keras layer."""

_ARRANGING = ("Cast", "Identity", "Reshape", "Transpose")
"""Operators that compute nothing."""

_EMBEDDINGS = (["Gather"], ["Gather", "Gather", "Mul"])
"""How an embedding is looked up: in numbers, or in small ones that have a scale a row."""

_ACTIVATIONS = {"Sigmoid": "sigmoid", "Softmax": "softmax"}


def stacked_cells(content: bytes) -> StackedCells | None:
    """Return an exported network in NumPy; None if it has other layers than `StackedCells`.

    Args:
        content: of the file.
    """
    graph = onnx.load_from_string(content).graph
    arrays = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in arrays:  # a matrix stored in halves
            arrays[node.output[0]] = arrays[node.input[0]].astype(np.float32)
    nodes = [node for node in graph.node if node.op_type not in _ARRANGING]
    kinds = [node.op_type for node in nodes]
    first = next((place for place, kind in enumerate(kinds) if kind in _LAYERS), 0)
    last = len(kinds) - 3
    known = (
        kinds[:first] in _EMBEDDINGS
        and last > first
        and all(kind in _LAYERS for kind in kinds[first:last])
        and kinds[last:-1] == ["MatMul", "Add"]
        and kinds[-1] in _ACTIVATIONS
    )
    if not known or any(_reads_both_ways(node) for node in nodes[first:last]):
        return None
    tables = [
        arrays[node.input[0]].astype(np.float32)
        for node in nodes[:first]
        if node.input[0] in arrays
    ]
    return StackedCells(
        np.prod(np.broadcast_arrays(*tables), axis=0),
        tuple(_cell(node, arrays) for node in nodes[first:last]),
        arrays[nodes[last].input[1]],
        arrays[nodes[last + 1].input[1]],
        _ACTIVATIONS[kinds[-1]],
    )


def _reads_both_ways(node: Any) -> bool:
    return any(one.name == "direction" and one.s != b"forward" for one in node.attribute)


def _cell(node: Any, arrays: dict[str, Array]) -> Cell:
    """Return an operator's cell: `onnx_graph` turned Keras' weights, this turns them back."""
    layer = _LAYERS[node.op_type]
    order = CELL_OPERATORS[layer].order
    kernel, recurrent_kernel = (_blocks(arrays[name][0].T, order) for name in node.input[1:3])
    biases = _blocks(arrays[node.input[3]][0].reshape(2, -1), order)
    bias = biases if layer == "GRU" else biases.sum(axis=0)
    return CELLS[layer](kernel, recurrent_kernel, bias)


def _blocks(values: Array, order: tuple[int, ...]) -> Array:
    """Return ONNX' blocks along the last axis in the order of Keras."""
    blocks = np.split(values, len(order), axis=-1)
    return np.concatenate([blocks[order.index(i)] for i in range(len(order))], axis=-1)
