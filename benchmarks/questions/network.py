"""A network alone, ids in and probabilities out: koprep's ONNX beside Keras and Keras' own ONNX.

All have an embedding of 8,000 ids and a GRU of 128 units. koprep's passes padding over, the others
read it, as the course's network does; in full rows there is none. Keras writes its ONNX with
tf2onnx (`pip install tf2onnx`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.lecture import gru
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep.datasets import TaskSpec
from koprep.zoo import create_model
from koprep.zoo.latency import latency_ms
from koprep.zoo.network import TokenIds
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.predicting import PREDICT_BATCH
from koprep.zoo.runtime import OnnxNetwork
from koprep.zoo.widths import answers

SPEC = TaskSpec(
    task="classification",
    vocabulary_size=8_000,
    maxlen=60,
    num_labels=2,
    label_names=("부정", "긍정"),
)
SIZES = {"embedding_size": 100, "units": 128}
TOKENS = (14, SPEC.maxlen)
"""Tokens of a row: as many as a review has in the middle, and as many as it may have."""
BATCH = 1_024
SINGLE = 200
"""Rows that are asked one by one."""


def ask(run: Run) -> Iterator[Finding]:
    zoo = OnnxNetwork(export_onnx(create_model("gru", SPEC, **SIZES), SPEC))
    model = gru(SPEC.vocabulary_size, SPEC.maxlen, **SIZES)
    exported = _exported(model)
    others = {
        "Keras' predict": lambda ids: model.predict(ids, verbose=0),
        "Keras' own ONNX": lambda ids: exported.run(None, {"token_ids": ids}),
    }
    for tokens in TOKENS:
        rows = np.zeros((BATCH, SPEC.maxlen), np.int32)
        rows[:, -tokens:] = np.random.default_rng(0).integers(
            2, SPEC.vocabulary_size, (BATCH, tokens)
        )
        padded = "" if tokens == SPEC.maxlen else f", for the others padded to {SPEC.maxlen}"
        read = rows[:, -tokens:]
        yield run.compare(
            Question(
                title=f"a GRU, one row of {tokens} tokens{padded}",
                koprep=lambda read=read: _one_by_one(zoo.probabilities, read),
                koprep_name="koprep's ONNX",
                peers=tuple(
                    Peer(name=name, work=lambda answer=answer, rows=rows: _one_by_one(answer, rows))
                    for name, answer in others.items()
                ),
                timed=False,
                unit="ms",
            )
        )
        yield run.compare(
            Question(
                title=f"a GRU, {BATCH:,} rows of {tokens} tokens at once{padded}",
                koprep=lambda rows=rows: list(answers(zoo, SPEC, rows, PREDICT_BATCH)),
                koprep_name=f"koprep's ONNX, {PREDICT_BATCH} rows at a time, one core",
                peers=tuple(
                    Peer(name=name, work=lambda answer=answer, rows=rows: answer(rows))
                    for name, answer in others.items()
                ),
            )
        )


def _one_by_one(answer: Callable[[TokenIds], object], rows: TokenIds) -> float:
    return latency_ms(answer, [row[None] for row in rows[:SINGLE]])


def _exported(model: Any) -> onnxruntime.InferenceSession:
    """Return Keras' export, with the settings onnxruntime begins with."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        signature = [keras.InputSpec(shape=(None, SPEC.maxlen), dtype="int32", name="token_ids")]
        model.export(str(path), format="onnx", input_signature=signature, verbose=False)
        return onnxruntime.InferenceSession(path.read_bytes())
