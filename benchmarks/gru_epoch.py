"""A GRU through the zoo against the course's script: plain Keras, every review padded to 60.

Both read the same ids, made by the course's preprocessing, and train as many epochs. Each round has
a seed of its own; the accuracy is the mean over all, on reviews that no side trained on.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable

import numpy as np
from sklearn.model_selection import train_test_split

from benchmarks.data import labelled_reviews
from benchmarks.rounds import Question
from koprep import Preprocessor
from koprep.datasets import EncodedDataset
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.backend import import_keras
from koprep.zoo.training import seeded, train_model

REVIEWS = 15_000
HELD_OUT = 10_000
EPOCHS = 3
SIZES = {"embedding_size": 128, "units": 128}


def question() -> Question:
    keras = import_keras()
    examples = labelled_reviews(REVIEWS + HELD_OUT)
    learn, held = train_test_split(
        np.arange(len(examples)), test_size=HELD_OUT, stratify=examples.labels, random_state=0
    )
    preprocessor = Preprocessor.lecture().fit(examples.take(learn).texts)
    training, validation = (examples.take(rows).encode(preprocessor) for rows in (learn, held))
    spec = training.spec

    def zoo(seed: int) -> float:
        config = TrainingConfig(epochs=EPOCHS, patience=EPOCHS, seed=seed)
        with seeded(config.seed):
            model = create_model("gru", spec, **SIZES)
            history = train_model(model, training, validation, config)
        return history[-1]["val_accuracy"]

    def script(seed: int) -> float:
        keras.utils.set_random_seed(seed)
        layers = keras.layers
        model = keras.Sequential(
            [
                layers.Embedding(spec.vocabulary_size, SIZES["embedding_size"]),
                layers.GRU(SIZES["units"]),
                layers.Dense(1, activation="sigmoid"),
            ]
        )
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        history = model.fit(
            *_arrays(training),
            batch_size=TrainingConfig().batch_size,
            epochs=EPOCHS,
            validation_data=_arrays(validation),
            verbose=0,
        ).history
        return float(history["val_accuracy"][-1])

    return Question(
        title=f"a GRU trained on {REVIEWS:,} reviews, {EPOCHS} epochs",
        koprep=_with_new_seeds(zoo),
        other=_with_new_seeds(script),
        other_name="plain Keras, all padded to 60",
        least_ratio=3,
        figure=f"mean accuracy on {HELD_OUT:,} others",
    )


def _with_new_seeds(train: Callable[[int], float]) -> Callable[[], float]:
    """Return `train` with another seed at each call; it returns the mean of all calls."""
    seeds, accuracies = itertools.count(), list[float]()

    def side() -> float:
        accuracies.append(train(next(seeds)))
        return statistics.mean(accuracies)

    return side


def _arrays(dataset: EncodedDataset) -> tuple[np.ndarray, np.ndarray]:
    token_ids, labels, _ = dataset.to_numpy()
    return token_ids, labels
