"""A GRU through the zoo against the course's script: plain Keras, every review padded to 60.

Both read the same ids, made by the course's preprocessing, and train as many epochs, with a tenth
held out to watch; that is timed, from the building of the network on. Each round has a seed of its
own; the accuracy is the mean over all, of what each side ends with (the zoo with its best epoch,
the script with its last), on reviews it never saw.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from benchmarks.data import labelled_reviews
from benchmarks.lecture import gru
from benchmarks.record import Finding, Measure
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

    def zoo(seed: int) -> tuple[float, Any]:
        config = TrainingConfig(epochs=EPOCHS, patience=EPOCHS, seed=seed)
        with seeded(config.seed):
            start = time.perf_counter()
            model = create_model("gru", spec, **SIZES)
            train_model(model, training, validation, config)
        return time.perf_counter() - start, model

    def script(seed: int) -> tuple[float, Any]:
        rows, labels, held_out = *_arrays(training), _arrays(validation)
        keras.utils.set_random_seed(seed)
        start = time.perf_counter()
        model = gru(spec.vocabulary_size, None, **SIZES)
        model.compile("adam", "binary_crossentropy")
        model.fit(
            rows,
            labels,
            batch_size=TrainingConfig().batch_size,
            epochs=EPOCHS,
            validation_data=held_out,
            verbose=0,
        )
        return time.perf_counter() - start, model

    ours, plain = _Side(zoo, test), _Side(script, test)
    yield run.compare(
        Question(
            title=f"a GRU trained on {REVIEWS - VALIDATION:,} reviews, {EPOCHS} epochs",
            koprep=ours,
            peers=(
                Peer(name="the course's script: plain Keras, all padded to 60", work=plain, due=3),
            ),
            timed=False,
        )
    )
    yield Measure(
        what=f"mean accuracy on {TEST:,} others",
        found=statistics.mean(ours.accuracies),
        detail=f"plain Keras: {statistics.mean(plain.accuracies):.4f}",
    )


class _Side:
    """Trains with another seed at each call and returns the seconds; notes the accuracies."""

    def __init__(self, train: Callable[[int], tuple[float, Any]], test: EncodedDataset) -> None:
        self.accuracies: list[float] = []
        self._train, self._test = train, test

    def __call__(self) -> float:
        seconds, model = self._train(len(self.accuracies))
        self.accuracies.append(_accuracy(model, self._test))
        return seconds


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
