"""Several workers train one model: each learns from its share of every batch.

Every worker holds the whole model and goes through the same batches of the same data. The gradients
of the shares are added up (all-reduced) before each step, so that all workers take the same step
and end with the same weights, which are those of one worker that trained on the whole batches. With
dropout they differ from these: each worker draws for its own rows.

`tf.distribute.MultiWorkerMirroredStrategy` connects the workers and adds up. The variables are
not its own: Keras' optimizers would then update them through its merged calls, variable by
variable, where here each worker applies the same sums to plain variables as it does alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .backend import import_keras


class LostWorkerError(RuntimeError):
    """A worker ended or cannot be reached: the others cannot go on without it."""


@dataclass(frozen=True, kw_only=True)
class Workers:
    """The workers of a training, of which this process is one; see `join`."""

    number: int
    """Of this worker, from 0."""
    count: int
    _strategy: Any = field(repr=False)

    @classmethod
    def join(cls) -> Self:
        """Meet the other workers; return when all are there.

        The environment variable `TF_CONFIG` says who they are, as for all of TensorFlow: JSON with
        the same `cluster` on every worker and its own `task`, such as
        ``{"cluster": {"worker": ["10.0.0.1:9000", "10.0.0.2:9000"]}, "task": {"type": "worker",
        "index": 0}}``. A worker is one process with one device: on a machine with several GPUs it
        is shown one of them (`CUDA_VISIBLE_DEVICES`).

        Raises:
            ValueError: `TF_CONFIG` is missing or tells of no workers, or this one sees several
                GPUs.
            RuntimeError: TensorFlow was at work already: join the workers first of all.
            ModuleNotFoundError: TensorFlow is not installed.
        """
        number, addresses = _read_config(os.environ.get("TF_CONFIG"))
        import_keras()
        import tensorflow as tf

        if len(tf.config.list_physical_devices("GPU")) > 1:
            raise ValueError(
                "a worker trains on one GPU: start one process for each, and show it its own with "
                "CUDA_VISIBLE_DEVICES"
            )
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
        return cls(number=number, count=len(addresses), _strategy=strategy)

    @property
    def is_first(self) -> bool:
        """Whether this worker writes what is written once: checkpoints and the model."""
        return self.number == 0

    def share(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return this worker's rows of a batch: every `count`-th; of a small batch maybe none."""
        return rows[self.number :: self.count]

    def sum(self, values: Any) -> Any:
        """Return tensors, nested or not, added up over all workers; each must call it."""
        import tensorflow as tf

        if tf.executing_eagerly():
            return tf.function(self.sum, autograph=False)(values)

        def replica(values: Any) -> Any:
            placed = tf.nest.map_structure(tf.identity, values, expand_composites=True)
            context = tf.distribute.get_replica_context()
            return context.all_reduce(tf.distribute.ReduceOp.SUM, placed)

        return self._strategy.run(replica, args=(values,))

    def as_the_first(self, numbers: Sequence[npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Return the numbers of the first worker; whole numbers, such as seeds, stay one's own."""
        import tensorflow as tf

        floats = [i for i, values in enumerate(numbers) if values.dtype.kind == "f"]
        share = 1.0 if self.is_first else 0.0
        added = self.sum([tf.constant(numbers[i] * numbers[i].dtype.type(share)) for i in floats])
        taken = list(numbers)
        for i, values in zip(floats, added, strict=True):
            taken[i] = values.numpy()
        return taken

    def agree(self, facts: Mapping[str, Any]) -> None:
        """Refuse to train where workers were given different things.

        Raises:
            ValueError: on every worker, with the names of the facts that differ.
        """
        import tensorflow as tf

        own = [int(_digest(value), 16) for value in facts.values()]
        table = np.zeros((self.count, len(own)), np.int64)
        table[self.number] = own
        told = self.sum(tf.constant(table)).numpy()
        differing = [name for name, of_all in zip(facts, told.T, strict=True) if np.ptp(of_all)]
        if differing:
            raise ValueError(
                f"the {self.count} workers were not given the same: {', '.join(differing)} differ; "
                "give every worker the same settings, data and checkpoints"
            )

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell what became of the others, where TensorFlow tells of a broken connection.

        Raises:
            LostWorkerError: a worker is gone.
        """
        import tensorflow as tf

        try:
            yield
        except (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError) as e:
            reason = e.message.split("Collective ops is aborted by: ")[-1].split("\n")[0]
            raise LostWorkerError(
                f"a worker was lost ({reason}): start all workers again, and resume from the "
                "checkpoint"
            ) from e


def _read_config(content: str | None) -> tuple[int, Sequence[str]]:
    """Return this worker's number and the addresses of all."""
    if not content:
        raise ValueError("TF_CONFIG is not set: it tells a worker who the others are")
    try:
        config = json.loads(content)
        cluster, task = config["cluster"], config["task"]
        addresses, number = cluster["worker"], int(task["index"])
        whole = [*cluster] == ["worker"] and task["type"] == "worker"
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"TF_CONFIG cannot be read: {error!r} in {content}") from None
    if not whole or not 0 <= number < len(addresses):
        raise ValueError(
            "TF_CONFIG must have a cluster of workers alone, and a task of type worker with an "
            f"index of one of them: {content}"
        )
    return number, addresses


def _digest(value: Any) -> str:
    """Return 60 bits of a value's checksum."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:15]
