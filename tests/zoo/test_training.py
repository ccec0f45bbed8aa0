from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from koprep.datasets import EncodedDataset, TaskSpec
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.adam import FusedAdam
from koprep.zoo.backend import import_keras
from koprep.zoo.schedules import SCHEDULES, scheduled_rate
from koprep.zoo.steps import Steps, make_optimizer
from koprep.zoo.training import best_epoch, seeded, train_model

SPEC = TaskSpec(task="classification", vocabulary_size=20, maxlen=4, num_labels=2)


def examples(labels, spec=SPEC):
    """Rows whose first token is the label, the others noise."""
    noise = np.random.default_rng(0).integers(5, 20, (len(labels), 4))
    noise[:, 0] = np.asarray(labels) + 2
    return EncodedDataset(
        spec=spec, token_ids=noise.astype(np.int32), labels=np.array(labels, np.int32)
    )


def trained(dataset=None, **settings):
    config = TrainingConfig(**{"epochs": 1, "batch_size": 8, "validation_split": 0, **settings})
    with seeded(0):
        model = create_model("mlp", SPEC, units=3, embedding_size=2)
        history = train_model(model, dataset or examples([0, 1] * 16), None, config)
    return model.get_weights(), history


@pytest.mark.parametrize("schedule", sorted(SCHEDULES))
def test_the_rate_rises_to_its_highest_and_falls_from_there(schedule):
    rates = [scheduled_rate(0.5, schedule, 0.2, step, 50) for step in range(50)]
    assert np.allclose(np.diff(rates[:10]), 0.05)
    assert rates[10] == max(rates) == 0.5
    assert (np.diff(rates[10:]) <= 0).all()
    assert rates[-1] == (0.5 if schedule == "constant" else pytest.approx(0, abs=0.02))
    assert all(rate > 0 for rate in rates)


def test_a_schedule_changes_the_steps():
    constant, linear, warm = (
        trained(**settings)[0] for settings in ({}, {"schedule": "linear"}, {"warmup": 0.5})
    )
    assert (constant[0] != linear[0]).any()
    assert (constant[0] != warm[0]).any()


def test_clipped_gradients_shorten_the_step_of_plain_descent():
    settings = {"optimizer": "sgd", "learning_rate": 1.0, "batch_size": 32}
    with seeded(0):
        start = create_model("mlp", SPEC, units=3, embedding_size=2).get_weights()
    for clip_norm in (0.01, 0.001):
        weights = trained(**settings, clip_norm=clip_norm)[0]
        moved = np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(weights, start, strict=True)))
        assert moved == pytest.approx(clip_norm, rel=1e-3)


def test_balanced_labels_weigh_the_same_however_rare():
    rare = examples([0] * 60 + [1] * 4)
    even = examples([0] * 60 + [1] * 60)
    plain, balanced = (trained(rare, class_weight=choice)[1][0] for choice in (None, "balanced"))
    assert plain["loss"] != balanced["loss"]
    unchanged = [trained(even, class_weight=choice)[0] for choice in (None, "balanced")]
    for one, other in zip(*unchanged, strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_a_weighted_loss_is_that_of_repeated_examples():
    """Weight 3 on the rare label is the same as the rare example three times."""
    labels = [0, 0, 0, 1]
    settings = {"batch_size": 64, "optimizer": "sgd", "learning_rate": 0.1}
    rare = examples(labels)
    rows = [0, 1, 2, 3, 3, 3]
    repeated = EncodedDataset(spec=SPEC, token_ids=rare.token_ids[rows], labels=rare.labels[rows])
    weighted, plain = (
        trained(rare, class_weight="balanced", **settings),
        trained(repeated, **settings),
    )
    assert weighted[1][0]["loss"] == pytest.approx(plain[1][0]["loss"], rel=1e-5)
    for one, other in zip(weighted[0], plain[0], strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_a_rare_label_weighs_more_in_a_batch_of_its_own_too():
    """Plain descent on a batch of one label goes as far as the label's weight says."""

    def moved(class_weight):
        with seeded(0):
            model = create_model("mlp", SPEC, units=3, embedding_size=2)
        before = model.get_weights()
        optimizer = make_optimizer("sgd", 0.01)
        steps = Steps(model, optimizer, SPEC, class_weight=class_weight)
        steps.train(examples([1] * 8).to_numpy())
        return [a - b for a, b in zip(model.get_weights(), before, strict=True)]

    once = moved(None)
    assert any(part.any() for part in once)
    for plain, weighted in zip(once, moved(np.array([0.5, 3], np.float32)), strict=True):
        assert np.allclose(3 * plain, weighted, atol=1e-6)


def test_a_loss_that_is_no_number_ends_training():
    with pytest.raises(ValueError, match=r"the loss is (nan|inf) in epoch .*clip_norm"):
        trained(optimizer="sgd", learning_rate=1e30, epochs=9)


def test_tokens_take_no_class_weight():
    spec = TaskSpec(task="next_token", vocabulary_size=20, maxlen=4, num_labels=20)
    model = create_model("mlp", spec, units=3, embedding_size=2)
    config = TrainingConfig(class_weight="balanced")
    with pytest.raises(ValueError, match="class_weight is for classification"):
        train_model(model, examples([2, 3], spec), None, config)


def test_padding_does_not_count_where_every_token_has_a_label():
    spec = TaskSpec(task="tagging", vocabulary_size=20, maxlen=4, num_labels=3)
    token_ids = np.array([[0, 0, 0, 5], [6, 7, 8, 9]], np.int32)
    dataset = EncodedDataset(
        spec=spec,
        token_ids=token_ids,
        labels=np.full((2, 4), 2, np.int32),
        sample_weight=(token_ids != 0).astype(np.float32),
    )
    model = create_model("mlp", spec, units=3, embedding_size=2)
    probability = np.asarray(model(token_ids))[token_ids != 0][:, 2]
    predicted = np.asarray(model(token_ids)).argmax(-1)[token_ids != 0]
    figures = train_model(model, dataset, None, TrainingConfig(epochs=1))[0]
    assert figures["loss"] == pytest.approx(-np.log(probability).mean(), rel=1e-5)
    assert figures["accuracy"] == pytest.approx((predicted == 2).mean())


def test_one_kernel_is_the_adam_of_keras():
    """Tokens that come once: with repeated ones Keras squares before it adds."""
    keras = import_keras()
    import tensorflow as tf

    rng = np.random.default_rng(0)
    batches = [rng.permutation(50)[:8].astype(np.int32) for _ in range(6)]
    ended = []
    for optimizer in (keras.optimizers.Adam(0.01), FusedAdam(0.01)):
        with seeded(0):
            embedding = keras.layers.Embedding(50, 4)
            embedding.build((None,))
        for batch in batches:
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(embedding(batch) ** 3)
            weights = embedding.trainable_variables
            optimizer.apply(tape.gradient(loss, weights), weights)
        ended.append(embedding.get_weights()[0])
    assert np.allclose(*ended, atol=1e-6)


@pytest.mark.parametrize("setting", ["epochs", "batch_size", "patience", "seed"])
def test_whole_numbers_are_whole(setting):
    with pytest.raises(TypeError, match=f"{setting} must be a whole number, got 1.5"):
        TrainingConfig(**{setting: 1.5})


def test_a_validation_loss_that_is_no_number_ends_training():
    model = create_model("mlp", SPEC, units=3, embedding_size=2)
    embedding = model.get_layer("embedding").get_weights()[0]
    embedding[19] = np.nan  # a token of the validation part alone
    model.get_layer("embedding").set_weights([embedding])
    learned = EncodedDataset(
        spec=SPEC, token_ids=np.array([[2, 3, 4, 5]], np.int32), labels=np.array([1], np.int32)
    )
    held_out = replace(learned, token_ids=np.array([[2, 3, 4, 19]], np.int32))
    with pytest.raises(ValueError, match="the validation loss is nan in epoch 1"):
        train_model(model, learned, held_out, TrainingConfig(epochs=1))


def test_the_epoch_is_chosen_by_what_is_monitored():
    history = [
        {"val_loss": 0.30, "val_accuracy": 0.80},
        {"val_loss": 0.25, "val_accuracy": 0.85},
        {"val_loss": 0.40, "val_accuracy": 0.90},
        {"val_loss": 0.45, "val_accuracy": 0.90},
    ]
    assert best_epoch(history) == 1
    assert best_epoch(history, "accuracy") == 2


@pytest.mark.parametrize(("monitor", "best"), [("loss", min), ("accuracy", max)])
def test_the_weights_of_the_epoch_that_is_monitored_are_kept(monitor, best):
    noise = np.random.default_rng(1).integers(0, 2, 64)
    learned, held_out = examples(noise[:32]), examples(1 - noise[32:])  # what it learns is wrong
    config = TrainingConfig(
        epochs=6, batch_size=8, learning_rate=0.1, patience=9, monitor=monitor, seed=3
    )
    with seeded(3):
        model = create_model("mlp", SPEC, units=3, embedding_size=2)
        history = train_model(model, learned, held_out, config)
    figures = [epoch[f"val_{monitor}"] for epoch in history]
    assert len(set(figures)) > 1
    kept = Steps(model, make_optimizer("adam", 0.1), SPEC).evaluate(held_out)
    assert kept[monitor] == pytest.approx(best(figures))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 0),
        ("batch_size", 0),
        ("learning_rate", 0),
        ("schedule", "steep"),
        ("warmup", 1),
        ("clip_norm", 0),
        ("class_weight", "heavy"),
        ("monitor", "val_loss"),
        ("validation_split", 1),
        ("patience", -1),
        ("seed", -1),
    ],
)
def test_training_settings_check_themselves(setting, value):
    with pytest.raises(ValueError, match=f"{setting} must be .*{value}"):
        replace(TrainingConfig(), **{setting: value})


class Noted(EncodedDataset):
    """Examples that note which rows are asked for."""

    asked: ClassVar[list] = []

    def batch(self, rows):
        Noted.asked.append(rows)
        return super().batch(rows)


def test_every_epoch_sees_every_example_once_in_an_order_of_its_own():
    Noted.asked.clear()
    plain = examples([0, 1] * 20)
    trained(Noted(spec=SPEC, token_ids=plain.token_ids, labels=plain.labels), epochs=3)
    epochs = [np.concatenate(Noted.asked[start : start + 5]).tolist() for start in (0, 5, 10)]
    assert all(sorted(rows) == list(range(40)) for rows in epochs)
    assert len(Noted.asked) == 15
    assert epochs[0] != epochs[1] != epochs[2]
