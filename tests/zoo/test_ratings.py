"""Texts with a rating and no label teach a classifier what its labels do not show."""

from dataclasses import replace

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import EncodedDataset, TaskSpec, TextDataset
from koprep.zoo import CheckpointConfig, TextClassifier, TrainingConfig, create_model
from koprep.zoo.ratings import RatingSteps, check_ratings, rating_model
from koprep.zoo.steps import make_optimizer
from koprep.zoo.training import _mixed, _Part, seeded, train_model

RATINGS = tuple(map(str, range(1, 6)))
SPEC = TaskSpec(task="classification", vocabulary_size=20, maxlen=3, num_labels=2)


def rated(count, spec=SPEC, seed=0):
    rng = np.random.default_rng(seed)
    return EncodedDataset(
        spec=replace(spec, num_labels=5),
        token_ids=rng.integers(1, 20, (count, 3)).astype(np.int32),
        labels=rng.integers(0, 5, count).astype(np.int32),
    )


def labelled(count):
    return replace(rated(count, seed=1), spec=SPEC, labels=np.arange(count, dtype=np.int32) % 2)


def test_words_that_no_label_knows_are_learned_from_ratings():
    good, bad = (tuple(f"{kind}{i}" for i in range(20)) for kind in ("좋", "나쁘"))
    seen, unseen = slice(0, 4), slice(4, 20)
    rng = np.random.default_rng(0)
    texts = [f"{word} {rng.choice(words[seen])}" for words in (bad, good) for word in words[seen]]
    labels = [0] * 4 + [1] * 4
    pairs = [(words[i], words[j]) for words in (good, bad) for i in range(20) for j in range(20)]
    ratings = TextDataset(
        texts=tuple(map(" ".join, pairs)),
        labels=np.array([4 if first in good else 0 for first, _ in pairs], np.int32),
        label_names=RATINGS,
    )

    def accuracy(ratings):
        classifier = TextClassifier(
            "mlp",
            preprocessor=Preprocessor(tokenizer="whitespace"),
            model_options={"units": 8, "embedding_size": 8},
            ratings=ratings,
            training=TrainingConfig(
                epochs=20, batch_size=8, learning_rate=0.01, validation_split=0
            ),
        ).fit(texts * 4, labels * 4)
        return classifier.score([*good[unseen], *bad[unseen]], [1] * 16 + [0] * 16)

    assert accuracy(None) == 0.5
    assert accuracy(ratings) > 0.9


def test_the_loss_is_the_mean_over_the_questions_whether_it_is_above_each_rating():
    with seeded(0):
        model = create_model("gru", SPEC, units=3, embedding_size=2)
        second = rating_model(model, 5)
    steps = RatingSteps(second, make_optimizer("adam", 0.1), replace(SPEC, num_labels=5))
    examples = rated(40)
    above = second.predict_on_batch(examples.token_ids)
    assert above.shape == (40, 4)
    due = (examples.labels[:, None] > np.arange(4)).astype(float)
    losses = -(due * np.log(above) + (1 - due) * np.log(1 - above))
    figures = steps.evaluate(examples)
    assert figures["loss"] == pytest.approx(losses.mean(), rel=1e-5)
    assert figures["accuracy"] == ((above > 0.5).sum(axis=1) == examples.labels).mean()


def test_an_epoch_takes_every_batch_of_both_once():
    parts = [_Part(labelled(10), None, None), _Part(rated(33), None, None)]
    taken = [[], []]
    order = []
    for part, rows in _mixed(parts, 4, seed=3):
        which = parts.index(part)
        order.append(which)
        taken[which] += rows.tolist()
    assert list(map(sorted, taken)) == [list(range(10)), list(range(33))]
    assert order != sorted(order)


class Stopped(EncodedDataset):
    """A dataset whose training is stopped before a batch."""

    def batch(self, rows):
        Stopped.left -= 1
        if Stopped.left < 0:
            raise KeyboardInterrupt
        return super().batch(rows)


def test_a_training_that_was_stopped_ends_with_the_weights_of_one_that_was_not(tmp_path):
    config = TrainingConfig(epochs=2, batch_size=8, validation_split=0, schedule="linear")

    def train(stop_after, resume):
        Stopped.left = stop_after
        ratings = Stopped(
            **{name: getattr(rated(40), name) for name in ("spec", "token_ids", "labels")}
        )
        checkpoints = CheckpointConfig(folder=tmp_path / "run", every_seconds=0, resume=resume)
        with seeded(0):
            model = create_model("gru", SPEC, units=3, embedding_size=2)
            train_model(
                model,
                labelled(24),
                None,
                config,
                ratings=ratings,
                checkpoints=checkpoints if resume is not None else None,
            )
        return model.get_weights()

    unbroken = train(99, None)
    with pytest.raises(KeyboardInterrupt):
        train(7, False)
    resumed = train(99, True)
    assert all(map(np.array_equal, unbroken, resumed))


def test_what_is_held_out_is_not_learned_from_its_rating(monkeypatch):
    texts = [f"낱말{i} 낱말{i + 1}" for i in range(40)]
    ratings = TextDataset(
        texts=tuple(f" {text}  " for text in texts),
        labels=np.arange(40, dtype=np.int32) % 5,
        label_names=RATINGS,
    )
    seen = {}

    def fit_network(model, options, training, validation, config, **given):
        seen["held out"], seen["rated"] = len(validation), len(given["ratings"])
        raise KeyboardInterrupt

    monkeypatch.setattr("koprep.zoo.estimator.fit_network", fit_network)
    classifier = TextClassifier(
        preprocessor=Preprocessor(tokenizer="whitespace"),
        ratings=ratings,
        training=TrainingConfig(validation_split=0.25),
    )
    with pytest.raises(KeyboardInterrupt):
        classifier.fit(texts, [0, 1] * 20)
    assert seen == {"held out": 10, "rated": 30}


def test_only_a_scale_of_three_or_more_is_ratings():
    two = TextDataset(texts=("가", "나"), labels=np.array([0, 1], np.int32), label_names=("0", "1"))
    with pytest.raises(ValueError, match="has the labels 0, 1: ratings need three or more"):
        check_ratings(two)
    with pytest.raises(ValueError, match="has the labels none"):
        TextClassifier(ratings=TextDataset(texts=("가",))).fit(["가", "나"], [0, 1])
