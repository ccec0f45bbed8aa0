"""A process that trains, and kills itself with SIGKILL before a given batch: see test_resume.py."""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from koprep.datasets import EncodedDataset, TaskSpec
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.checkpoint import CheckpointConfig
from koprep.zoo.training import seeded, train_model

CONFIG = TrainingConfig(epochs=4, batch_size=8, schedule="cosine", warmup=0.1, patience=9, seed=5)
STEPS = 6
SPEC = TaskSpec(task="classification", vocabulary_size=30, maxlen=7, num_labels=2)


class Watched(EncodedDataset):
    """Examples that end the process with SIGKILL when a batch of a given number is asked for."""

    kill_before = None
    served = 0

    def batch(self, rows):
        if Watched.served == Watched.kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        Watched.served += 1
        return super().batch(rows)


def examples(cls, count, seed):
    rng = np.random.default_rng(seed)
    token_ids = rng.integers(1, 30, (count, 7), dtype=np.int32)
    token_ids[np.arange(7) < rng.integers(0, 7, (count, 1))] = 0
    labels = (token_ids.sum(axis=1) % 2).astype(np.int32)
    return cls(spec=SPEC, token_ids=token_ids, labels=labels)


def train(checkpoints=None, config=CONFIG, training=None, validation=None):
    """Train the tiny model with every kind of dropout; return its weights and history."""
    with seeded(config.seed):
        model = create_model(
            "gru", SPEC, units=4, embedding_size=3, dropout=0.3, recurrent_dropout=0.2
        )
        history = train_model(
            model,
            examples(Watched, STEPS * 8, 1) if training is None else training,
            examples(EncodedDataset, 16, 2) if validation is None else validation,
            config,
            checkpoints=checkpoints,
        )
    return model.get_weights(), history


if __name__ == "__main__":
    folder, every_seconds, Watched.kill_before = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    train(CheckpointConfig(folder=Path(folder), every_seconds=every_seconds, resume=True))
