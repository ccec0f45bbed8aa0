"""Encoded datasets as TensorFlow reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from koprep.native_tensorflow import import_tensorflow

if TYPE_CHECKING:
    from .training_data import TrainingData


def tf_dataset(dataset: TrainingData, batch_size: int, seed: int | None) -> Any:
    """Return a `tf.data.Dataset` of a dataset's batches; see `EncodedDataset.to_tf_dataset`."""
    tf = import_tensorflow("tf.data datasets")
    passes = iter(range(seed, 2**62)) if seed is not None else None

    def one_pass() -> Iterator[tuple[npt.NDArray[Any], ...]]:
        pass_seed = None if passes is None else next(passes)
        for rows in dataset.row_batches(batch_size, seed=pass_seed):
            yield tuple(part for part in dataset.batch(rows) if part is not None)

    per_token = dataset.spec.per_token
    row = (None, None)
    signature = [
        tf.TensorSpec(row, tf.int32),
        tf.TensorSpec(row if per_token else (None,), tf.int32),
    ]
    if per_token:
        signature.append(tf.TensorSpec(row, tf.float32))
    batches = tf.data.Dataset.from_generator(one_pass, output_signature=tuple(signature))
    count = tf.data.experimental.assert_cardinality(dataset.num_batches(batch_size))
    return batches.apply(count).prefetch(2)
