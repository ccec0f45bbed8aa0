"""One training step and one evaluation step, compiled once for batches of every width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.datasets import Batch, TaskSpec, TrainingData

from .backend import import_keras
from .distributed import Workers
from .widths import length_batches

EVALUATION_BATCH = 256


@dataclass
class Totals:
    """Sums over batches: of losses and weights, and of right and of all predictions.

    >>> totals = Totals(loss=2.0, weight=4.0, correct=3.0, count=4.0)
    >>> totals.figures()
    {'loss': 0.5, 'accuracy': 0.75}
    """

    loss: float = 0.0
    weight: float = 0.0
    correct: float = 0.0
    count: float = 0.0

    def add(self, sums: npt.NDArray[np.floating]) -> None:
        """Add the sums of one batch, in the order of the fields."""
        loss, weight, correct, count = sums.tolist()
        self.loss += loss
        self.weight += weight
        self.correct += correct
        self.count += count

    def figures(self) -> dict[str, float]:
        """Return the mean loss, and the share of right predictions."""
        return {
            "loss": self.loss / max(self.weight, 1e-12),
            "accuracy": self.correct / max(self.count, 1e-12),
        }


class Steps:
    """The steps of one model, its optimizer and its task.

    The loss of a batch is the sum over its labels, times their class weights, divided by how many
    they are: a rare label weighs more in a batch of its own too. Accuracy counts every label once,
    and with a label at every token none at PAD. Where a teacher's probabilities are learned too,
    the loss of an example is the mean of both cross-entropies.

    With several workers each is given its share of a batch, and all take the step of the whole.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        spec: TaskSpec,
        *,
        class_weight: npt.NDArray[np.float32] | None = None,
        clip_norm: float | None = None,
        taught: bool = False,
        workers: Workers | None = None,
    ) -> None:
        import_keras()
        import tensorflow as tf

        self._tf = tf
        self._model = model
        self._optimizer = optimizer
        self._spec = spec
        self._class_weight = None if class_weight is None else tf.constant(class_weight)
        self._clip_norm = clip_norm
        self._workers = workers
        self._train = self._compiled(self._learn, taught=taught)
        self._evaluate = self._compiled(self._compare)

    def train(
        self, batch: Batch, taught: npt.NDArray[np.float32] | None = None
    ) -> npt.NDArray[np.float32]:
        """Learn from a batch; return its sums, as `Totals` adds them, from before the step.

        Args:
            batch: the examples.
            taught: what a teacher answers, float32 (examples, labels); None without one.
        """
        inputs = self._inputs(batch)
        if taught is not None:
            inputs = (*inputs, taught)
        sums: npt.NDArray[np.float32] = self._train(*inputs).numpy()
        return sums

    def evaluate(self, dataset: TrainingData) -> dict[str, float]:
        """Return loss and accuracy on a dataset; of several workers each looks at a share."""
        totals, workers = Totals(), self._workers
        for number, rows in enumerate(length_batches(dataset, EVALUATION_BATCH)):
            if workers is None or number % workers.count == workers.number:
                totals.add(self._evaluate(*self._inputs(dataset.batch(rows))).numpy())
        if workers is not None:
            own = self._tf.constant(astuple(totals), self._tf.float64)
            totals = Totals(*workers.sum(own).numpy().tolist())
        return totals.figures()

    def _learn(self, token_ids: Any, labels: Any, weight: Any, counted: Any, *taught: Any) -> Any:
        tf, variables, workers = self._tf, self._model.trainable_variables, self._workers
        with tf.GradientTape() as tape:
            found = self._model(token_ids, training=True)
            sums = self._sums(found, labels, weight, counted, *taught)
            whole = sums if workers is None else workers.sum(tf.stop_gradient(sums))
            loss = tf.math.divide_no_nan(sums[0], whole[1])
        gradients = tape.gradient(loss, variables)
        if workers is not None:
            gradients = workers.sum(gradients)
        if self._clip_norm is not None:
            gradients = list(map(tf.convert_to_tensor, gradients))  # repeated tokens added up
            gradients, _ = tf.clip_by_global_norm(gradients, self._clip_norm)
        self._optimizer.apply(gradients, variables)
        return whole

    def _compare(self, token_ids: Any, labels: Any, weight: Any, counted: Any) -> Any:
        found = self._model(token_ids, training=False)
        return self._sums(found, labels, weight, counted)

    def _compiled(self, step: Callable[..., Any], *, taught: bool = False) -> Any:
        tf = self._tf
        per_label = (None, None) if self._spec.per_token else (None,)
        floats = tf.TensorSpec(per_label, tf.float32)
        signature = [
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec(per_label, tf.int32),
            floats,
            floats,
        ]
        if taught:
            signature.append(tf.TensorSpec((None, None), tf.float32))
        return tf.function(step, input_signature=signature, autograph=False)

    def _inputs(self, batch: Batch) -> tuple[npt.NDArray[Any], ...]:
        weight = batch.sample_weight
        if weight is None:
            weight = np.ones(batch.labels.shape, np.float32)
        counted = (weight != 0).astype(np.float32)
        return batch.token_ids, batch.labels, weight, counted

    def _sums(
        self, probabilities: Any, labels: Any, weight: Any, counted: Any, taught: Any = None
    ) -> Any:
        tf, ops = self._tf, import_keras().ops
        if probabilities.shape[-1] == 1:
            positive = probabilities[..., 0]
            losses = ops.binary_crossentropy(tf.cast(labels, tf.float32), positive)
            predicted = tf.cast(positive > 0.5, tf.int32)
        else:
            losses = ops.sparse_categorical_crossentropy(labels, probabilities)
            predicted = tf.argmax(probabilities, axis=-1, output_type=tf.int32)
        if self._class_weight is not None:
            losses = losses * tf.gather(self._class_weight, labels)
        if taught is not None:
            losses = (losses + soft_losses(probabilities, taught)) / 2
        return self._added(losses, predicted == labels, weight, counted)

    def _added(self, losses: Any, right: Any, weight: Any, counted: Any) -> Any:
        tf = self._tf
        parts = [losses * weight, weight, tf.cast(right, tf.float32) * counted, counted]
        return tf.stack([tf.reduce_sum(part) for part in parts])


def soft_losses(probabilities: Any, taught: Any) -> Any:
    """Return each example's cross-entropy with what a teacher answers (Hinton et al., 2015).

    Args:
        probabilities: of the model's head, (examples, labels), or (examples, 1) of two labels.
        taught: the teacher's, (examples, labels).
    """
    ops = import_keras().ops
    if probabilities.shape[-1] == 1:
        return ops.binary_crossentropy(taught[:, 1], probabilities[:, 0])
    return ops.categorical_crossentropy(taught, probabilities)


def make_optimizer(name: str, learning_rate: float) -> Any:
    """Return a Keras optimizer by its name.

    Raises:
        ValueError: the name is unknown.
    """
    keras = import_keras()
    if name == "adam":
        from .adam import FusedAdam  # opens Keras

        return FusedAdam(learning_rate)
    try:
        optimizer = keras.optimizers.get(name)
    except ValueError:
        raise ValueError(f"unknown optimizer {name!r}; try adam, adamw, rmsprop or sgd") from None
    optimizer.learning_rate = learning_rate
    return optimizer


class Snapshot:
    """All numbers of a training: weights, the optimizer's moments, and the state of dropout."""

    def __init__(self, variables: Sequence[Any], optimizer: Any) -> None:
        self._variables = [*variables, *optimizer.variables]

    def take(self) -> list[npt.NDArray[Any]]:
        """Return copies of all numbers, in a fixed order."""
        return [np.array(variable.numpy()) for variable in self._variables]

    def restore(self, values: list[npt.NDArray[Any]]) -> None:
        """Put back what `take` returned."""
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)
