"""Ratings as a second target: a network learns from texts that carry a rating and no label.

A rating is ordinal: 7 says more than 6 and less than 8. The second head answers, for each rating
but the highest, how likely the text's own is above it (Frank & Hall, 2001); it shares all layers
with the first head and is thrown away after training.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import EncodedDataset, TaskSpec, TextDataset
from koprep.texts import text_key

from .backend import import_keras
from .steps import Steps, soft_losses

RATING_HEAD = "ratings"
"""The name of the layer that answers ratings."""


def check_ratings(ratings: TextDataset) -> None:
    """Refuse texts that no rating can be learned from.

    Raises:
        ValueError: there are no labels, or fewer than three: two are no scale but labels.
    """
    if ratings.labels is None or len(ratings.label_names) < 3:
        named = ", ".join(ratings.label_names) or "none"
        raise ValueError(
            f"dataset {ratings.name!r} has the labels {named}: ratings need three or more, the "
            "lowest first"
        )


def without_texts(ratings: TextDataset, texts: Iterable[str]) -> TextDataset:
    """Return the rated texts that are none of `texts`, spaces and Unicode form aside.

    What a model is judged by must not have been rated in its training.
    """
    left_out = set(map(text_key, texts))
    kept = [row for row, text in enumerate(ratings.texts) if text_key(text) not in left_out]
    return ratings.take(kept)


def encode_ratings(
    ratings: TextDataset, token_ids: npt.NDArray[np.int32], spec: TaskSpec
) -> EncodedDataset:
    """Return rated texts as a dataset beside the one with labels.

    Args:
        ratings: the texts with their ratings for labels.
        token_ids: int32, shape (texts, maxlen), PAD on the left.
        spec: of the labelled dataset.
    """
    assert ratings.labels is not None
    return EncodedDataset(
        spec=replace(spec, num_labels=len(ratings.label_names), label_names=ratings.label_names),
        token_ids=token_ids,
        labels=ratings.labels,
    )


def rating_model(model: Any, num_ratings: int, *, with_labels: bool = False) -> Any:
    """Return the classifier's layers with a head for ratings in the place of its own.

    Args:
        model: an uncompiled Keras model that ends in one layer for its labels.
        num_ratings: ratings from the lowest to the highest.
        with_labels: keep its own head beside the new one.

    Returns:
        A Keras model; float (batch, num_ratings - 1), the probability of a rating above each, and
        after it, `with_labels`, what `model` gives.
    """
    keras = import_keras()
    head = keras.layers.Dense(num_ratings - 1, activation="sigmoid", name=RATING_HEAD)
    above = head(model.layers[-1].input)
    found = [above, model.output] if with_labels else above
    return keras.Model(model.input, found, name="ratings")


class RatingSteps(Steps):
    """The steps of a `rating_model`: labels are ratings, counted from 0.

    Where a teacher's probabilities of the labels are learned too, their loss is added.
    """

    def _sums(self, found: Any, labels: Any, weight: Any, counted: Any, taught: Any = None) -> Any:
        tf, ops = self._tf, import_keras().ops
        probabilities, of_labels = (found, None) if taught is None else found
        below = np.arange(probabilities.shape[-1], dtype=np.int32)
        above = tf.cast(labels[:, None] > below, tf.float32)
        losses = tf.reduce_mean(ops.binary_crossentropy(above, probabilities), axis=-1)
        if taught is not None:
            losses += soft_losses(of_labels, taught)
        predicted = tf.reduce_sum(tf.cast(probabilities > 0.5, tf.int32), axis=-1)
        return self._added(losses, predicted == labels, weight, counted)
