"""A network alone, ids in and probabilities out: koprep's ONNX beside Keras and Keras' own ONNX.

All have an embedding of 8,000 ids and a GRU of 128 units. koprep's passes padding over, the others
read it, as the course's network does. Keras writes its ONNX with tf2onnx (`pip install tf2onnx`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.lecture import gru
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run, Work
from koprep.datasets import TaskSpec
from koprep.zoo import create_model
from koprep.zoo.latency import latency_ms
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.runtime import OnnxNetwork

SPEC = TaskSpec(
    task="classification",
    vocabulary_size=8_000,
    maxlen=60,
    num_labels=2,
    label_names=("부정", "긍정"),
)
SIZES = {"embedding_size": 100, "units": 128}
TOKENS = 14
"""Tokens of a row, as a review has in the middle; the rest is padding."""
BATCH = 1_024


def ask(run: Run) -> Iterator[Finding]:
    rows = np.zeros((BATCH, SPEC.maxlen), np.int32)
    rows[:, -TOKENS:] = np.random.default_rng(0).integers(2, SPEC.vocabulary_size, (BATCH, TOKENS))
    zoo = OnnxNetwork(export_onnx(create_model("gru", SPEC, **SIZES), SPEC))
    model = gru(SPEC.vocabulary_size, SPEC.maxlen, **SIZES)
    exported = _exported(model)
    sides = {
        "koprep's ONNX": lambda ids: zoo.probabilities(ids[:, -TOKENS:]),
        "Keras' predict": lambda ids: model.predict(ids, verbose=0),
        "Keras' own ONNX": lambda ids: exported.run(None, {"token_ids": ids}),
    }

    def one_by_one(name: str) -> Work:
        answer = sides[name]
        return lambda: latency_ms(lambda row: answer(row), [row[None] for row in rows])

    def at_once(name: str) -> Work:
        return lambda: latency_ms(lambda _: sides[name](rows), [""] * 5)

    for title, measured in (("one row", one_by_one), (f"{BATCH:,} rows at once", at_once)):
        first, *others = sides
        yield run.compare(
            Question(
                title=f"a GRU, {title} of {TOKENS} tokens",
                koprep=measured(first),
                koprep_name=first,
                peers=tuple(Peer(name=name, work=measured(name)) for name in others),
                timed=False,
                unit="ms",
            )
        )


def _exported(model: Any) -> onnxruntime.InferenceSession:
    """Return Keras' export, with the settings onnxruntime begins with."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        signature = [keras.InputSpec(shape=(None, SPEC.maxlen), dtype="int32", name="token_ids")]
        model.export(str(path), format="onnx", input_signature=signature, verbose=False)
        return onnxruntime.InferenceSession(path.read_bytes())
