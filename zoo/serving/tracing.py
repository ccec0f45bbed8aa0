"""A text followed through recurrent networks, as `/v1/trace` tells it; without TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cell_reference import GRUCell, LSTMCell, SimpleRNNCell
from ..inspection import follow, occluded, read_tokens
from ..predicting import LabelPredictor
from ..stacked_cells import StackedCells

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

SUREST = 1 - 1e-6
"""The probability from which on all are as sure: arithmetic in float32 tells no more."""

DIGITS = 6
"""Of the numbers told, behind the point."""


def cell_name(cells: StackedCells) -> str:
    """Return what the API calls a network's one cell."""
    return CELL_NAMES[type(cells.cells[0])]


def trace(cells: StackedCells, predictor: LabelPredictor, text: str) -> dict[str, Any]:
    """Return what a network computes at each token of a text, ready for JSON.

    Probabilities are those of the second label. A text without a token has none of anything.

    Args:
        cells: the predictor's network; see `single_cell`.
        predictor: what is followed.
        text: raw.
    """
    read = read_tokens(predictor.encoder, text)
    traced: dict[str, Any] = {
        "cell": cell_name(cells),
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
    token_ids = [one.token_id for one in read]
    reading = follow(cells, predictor, token_ids)
    whole, without = occluded(predictor, token_ids)
    return {
        **traced,
        "hidden": _rows(reading.hidden),
        "gates": {GATE_NAMES[name]: _rows(values) for name, values in reading.gates.items()},
        "probabilities": _rows(reading.probabilities[:, 1]),
        "importance": _rows(_log_odds(whole[1]) - _log_odds(without[:, 1])),
    }


def _log_odds(probabilities: Any) -> Any:
    """Return ln(p / (1 - p)): it tells evidence apart where probabilities are near 0 or 1."""
    bounded = np.clip(np.asarray(probabilities, np.float64), 1 - SUREST, SUREST)
    return np.log(bounded / (1 - bounded))


def _rows(values: Any) -> Any:
    return np.round(values.astype(np.float64), DIGITS).tolist()
