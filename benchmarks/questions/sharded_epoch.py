"""An epoch of a GRU from shards on disk against the same epoch from memory.

Both shuffle the same encoded reviews, the shards four at a time. What shards cost beside training
is reading them, checking every value and gathering the rows of a batch.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import labelled_reviews
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Preprocessor
from koprep.datasets import EncodedDataset, ShardedDataset, TrainingData
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.training import seeded, train_model

REVIEWS = 50_000
SHARD = 5_000
SIZES = {"embedding_size": 128, "units": 128}
LEAST = 0.9
"""Of the speed from memory."""


def ask(run: Run) -> Iterator[Finding]:
    examples = labelled_reviews(REVIEWS)
    encoded = examples.encode(Preprocessor(tokenizer="whitespace").fit(examples.texts))
    with tempfile.TemporaryDirectory() as name:
        _write(encoded, Path(name))
        shards = ShardedDataset.open(
            name,
            label_names=encoded.spec.label_names,
            vocabulary_size=encoded.spec.vocabulary_size,
            maxlen=encoded.spec.maxlen,
        )
        yield run.compare(
            Question(
                title=f"a GRU's epoch on {len(encoded):,} reviews in shards of {SHARD:,}",
                koprep=lambda: _train(shards),
                koprep_name="from shards",
                peers=(Peer(name="from memory", work=lambda: _train(encoded), due=LEAST),),
            )
        )


def _train(training: TrainingData) -> None:
    config = TrainingConfig(epochs=1, batch_size=64, validation_split=0)
    with seeded(config.seed):
        train_model(create_model("gru", training.spec, **SIZES), training, None, config)


def _write(encoded: EncodedDataset, folder: Path) -> None:
    kind = pa.list_(pa.int32(), encoded.spec.maxlen)
    for number, start in enumerate(range(0, len(encoded), SHARD)):
        rows = slice(start, start + SHARD)
        ids = pa.FixedSizeListArray.from_arrays(encoded.token_ids[rows].ravel(), type=kind)
        table = pa.table({"token_ids": ids, "label": encoded.labels[rows]})
        pq.write_table(table, folder / f"part-{number:05}.parquet")
