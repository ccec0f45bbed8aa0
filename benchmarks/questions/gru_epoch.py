"""A GRU through the zoo against the course's script: plain Keras, every review padded to 60.

Both read the same ids, made by the course's preprocessing, and train as many epochs, with a tenth
held out to watch. Each round has a seed of its own; the accuracy is the mean over all, of what each
side ends with (the zoo with its best epoch, the script with its last), on reviews it never saw.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from benchmarks.data import labelled_reviews
from benchmarks.lecture import gru
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Preprocessor
from koprep.datasets import EncodedDataset
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.backend import import_keras
from koprep.zoo.training import seeded, train_model

REVIEWS = 15_000
VALIDATION = 1_500
TEST = 10_000
EPOCHS = 3
SIZES = {"embedding_size": 128, "units": 128}


def ask(run: Run) -> Iterator[Finding]:
    keras = import_keras()
    examples = labelled_reviews(REVIEWS + TEST)
    learn, held, unseen = _parted(examples.labels)
    preprocessor = Preprocessor.lecture().fit(examples.take(learn).texts)
    training, validation, test = (
        examples.take(rows).encode(preprocessor) for rows in (learn, held, unseen)
    )
    spec = training.spec

    def zoo(seed: int) -> float:
        config = TrainingConfig(epochs=EPOCHS, patience=EPOCHS, seed=seed)
        with seeded(config.seed):
            model = create_model("gru", spec, **SIZES)
            train_model(model, training, validation, config)
        return _accuracy(model, test)

    def script(seed: int) -> float:
        keras.utils.set_random_seed(seed)
        model = gru(spec.vocabulary_size, None, **SIZES)
        model.compile("adam", "binary_crossentropy")
        model.fit(
            *_arrays(training),
            batch_size=TrainingConfig().batch_size,
            epochs=EPOCHS,
            validation_data=_arrays(validation),
            verbose=0,
        )
        return _accuracy(model, test)

    yield run.compare(
        Question(
            title=f"a GRU trained on {REVIEWS - VALIDATION:,} reviews, {EPOCHS} epochs",
            koprep=_with_new_seeds(zoo),
            peers=(
                Peer(
                    name="the course's script: plain Keras, all padded to 60",
                    work=_with_new_seeds(script),
                    due=3,
                ),
            ),
            figure=f"mean accuracy on {TEST:,} others",
        )
    )


def _with_new_seeds(train: Callable[[int], float]) -> Callable[[], float]:
    """Return `train` with another seed at each call; it returns the mean of all calls."""
    seeds, accuracies = itertools.count(), list[float]()

    def side() -> float:
        accuracies.append(train(next(seeds)))
        return statistics.mean(accuracies)

    return side


def _parted(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows to learn from, to watch and to test on."""
    seen, unseen = train_test_split(
        np.arange(len(labels)), test_size=TEST, stratify=labels, random_state=0
    )
    learn, held = train_test_split(
        seen, test_size=VALIDATION, stratify=labels[seen], random_state=0
    )
    return learn, held, unseen


def _accuracy(model: Any, test: EncodedDataset) -> float:
    token_ids, labels = _arrays(test)
    probabilities = model.predict(token_ids, batch_size=256, verbose=0)[:, 0]
    return float(((probabilities > 0.5) == labels).mean())


def _arrays(dataset: EncodedDataset) -> tuple[np.ndarray, np.ndarray]:
    token_ids, labels, _ = dataset.to_numpy()
    return token_ids, labels
