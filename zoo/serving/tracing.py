"""A text followed through recurrent networks, as `/v1/trace` tells it; without TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cell_reference import GRUCell, LSTMCell, SimpleRNNCell
from ..inspection import occluded, read_along, read_tokens, single_cell
from ..predicting import LabelPredictor

CELL_NAMES = {SimpleRNNCell: "simple_rnn", LSTMCell: "lstm", GRUCell: "gru"}

GATE_NAMES = {
    "i": "input",
    "f": "forget",
    "g": "candidate",
    "o": "output",
    "z": "update",
    "r": "reset",
    "n": "candidate",
}
"""The letters of `cell_reference` -> the words of the API."""

DIGITS = 6
"""Of the numbers told, behind the point."""


def cell_of(predictor: LabelPredictor) -> str | None:
    """Return the name of the cell that can be followed; None where none can."""
    cells = single_cell(predictor.network)
    return None if cells is None else CELL_NAMES[type(cells.cells[0])]


def trace(predictor: LabelPredictor, text: str) -> dict[str, Any]:
    """Return what a network computes at each token of a text, ready for JSON.

    Probabilities are those of the second label. A text without a token has none of anything.
    """
    read = read_tokens(predictor.encoder, text)
    cells = single_cell(predictor.network)
    assert cells is not None  # what is served as traceable was looked at
    traced: dict[str, Any] = {
        "cell": CELL_NAMES[type(cells.cells[0])],
        "tokens": [
            {
                "form": one.token.token.form,
                "tag": one.token.token.tag,
                "raw_start": one.token.raw_start,
                "raw_end": one.token.raw_end,
                "known": one.token.rendered in predictor.encoder.vocabulary,
            }
            for one in read
        ],
        "units": cells.cells[0].units,
        "hidden": [],
        "gates": {},
        "probabilities": [],
        "importance": [],
    }
    if not read:
        return traced
    reading = read_along(predictor, text)
    whole, without = occluded(predictor, [one.token_id for one in read])
    return {
        **traced,
        "hidden": _rows(reading.hidden),
        "gates": {GATE_NAMES[name]: _rows(values) for name, values in reading.gates.items()},
        "probabilities": _rows(reading.probabilities[:, 1]),
        "importance": _rows(whole[1] - without[:, 1]),
    }


def _rows(values: Any) -> Any:
    return np.round(values.astype(np.float64), DIGITS).tolist()
