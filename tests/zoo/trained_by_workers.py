"""One of two workers: trains every case of `CASES`, then loses the other; see test_distributed.py.

Usage: python trained_by_workers.py NUMBER FOLDER, with TF_CONFIG set.
"""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from koprep import Preprocessor
from koprep.datasets import EncodedDataset, ShardedDataset, TaskSpec
from koprep.zoo import (
    CheckpointConfig,
    LostWorkerError,
    TextClassifier,
    TrainingConfig,
    Workers,
    create_model,
)
from koprep.zoo.training import seeded, train_model

CONFIG = TrainingConfig(
    epochs=2, batch_size=8, optimizer="sgd", learning_rate=0.5, validation_split=0, patience=9
)
SPEC = TaskSpec(task="classification", vocabulary_size=30, maxlen=7, num_labels=2)
RATING_SPEC = replace(SPEC, num_labels=4)
TAGGING_SPEC = replace(SPEC, task="tagging", num_labels=3)


class Served(EncodedDataset):
    """Examples that do something before a batch of a given number."""

    before, do = None, None
    served = 0

    def batch(self, rows):
        if Served.served == Served.before:
            Served.do()
        Served.served += 1
        return super().batch(rows)


def examples(count, seed, spec=SPEC, cls=EncodedDataset):
    rng = np.random.default_rng(seed)
    token_ids = rng.integers(1, 30, (count, 7), dtype=np.int32)
    token_ids[np.arange(7) < rng.integers(0, 7, (count, 1))] = 0
    labels = (token_ids % spec.num_labels).astype(np.int32)
    if not spec.per_token:
        return cls(spec=spec, token_ids=token_ids, labels=labels[:, -1])
    weight = (token_ids != 0).astype(np.float32)
    return cls(spec=spec, token_ids=token_ids, labels=labels, sample_weight=weight)


def train(workers, model="gru", spec=SPEC, config=CONFIG, **settings):
    """Train on 41 examples: the last of 6 batches has one row, so that a worker has none."""
    own_seed = 0 if workers is None else workers.number  # the first worker's weights count
    with seeded(own_seed):
        network = create_model(model, spec, units=4, embedding_size=3, dropout=0)
    with seeded(config.seed):
        history = train_model(
            network,
            examples(41, 1, spec, Served),
            examples(600, 2, spec),
            config,
            workers=workers,
            **settings,
        )
    return network.get_weights(), history


def balanced_and_beside_ratings(workers, folder):
    config = replace(CONFIG, class_weight="balanced")
    return train(workers, config=config, ratings=examples(19, 3, RATING_SPEC))


def clipped_tags(workers, folder):
    return train(workers, "lstm", TAGGING_SPEC, replace(CONFIG, clip_norm=0.1))


def from_shards(workers, folder):
    words = " ".join(f"말{number}" for number in range(28))  # and PAD and OOV
    preprocessor = Preprocessor(tokenizer="whitespace", maxlen=7).fit([words])
    dataset = ShardedDataset.open(
        folder, label_names=("a", "b"), vocabulary_size=30, maxlen=7, window=2
    )
    classifier = TextClassifier("gru", model_options={"units": 4}, training=CONFIG)
    classifier.fit_encoded(preprocessor, dataset, None, workers=workers)
    return classifier.model_.get_weights(), classifier.history_


class Stopped(Exception):
    """Ends a training on all workers at once."""


def stop():
    raise Stopped


def stopped_and_resumed(workers, folder):
    config = replace(CONFIG, optimizer="adam", learning_rate=1e-3)
    if workers is None:
        return train(None, config=config)
    checkpoints = CheckpointConfig(folder=folder / "run", every_seconds=0)
    Served.served, Served.before, Served.do = 0, 9, stop
    try:
        train(workers, config=config, checkpoints=checkpoints)
    except Stopped:
        Served.before = None
    return train(workers, config=config, checkpoints=replace(checkpoints, resume=True))


CASES = (
    balanced_and_beside_ratings,
    clipped_tags,
    from_shards,
    stopped_and_resumed,
)


def main(number, folder):
    workers = Workers.join()
    assert (workers.number, workers.count) == (number, 2)
    for case in CASES:
        weights, history = case(workers, folder)
        np.savez(folder / f"{case.__name__}-{number}.npz", *weights)
        (folder / f"{case.__name__}-{number}.json").write_text(json.dumps(history))
    told = folder / f"refused-{number}.txt"
    try:
        train(workers, config=replace(CONFIG, learning_rate=0.1 * (1 + number)))
    except ValueError as error:
        told.write_text(str(error))
    Served.served, Served.before = 0, 3
    Served.do = (lambda: os.kill(os.getpid(), signal.SIGKILL)) if number else (lambda: None)
    try:
        train(workers)
    except LostWorkerError as error:
        (folder / f"lost-{number}.txt").write_text(str(error))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
