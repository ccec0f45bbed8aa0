"""A network learns what a teacher answers, to labelled texts and to those that nobody labelled."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from koprep import Preprocessor
from koprep.datasets import EncodedDataset, TaskSpec, TextDataset
from koprep.zoo import CheckpointConfig, TextClassifier, TrainingConfig, create_model
from koprep.zoo.ratings import RatingSteps, rating_model
from koprep.zoo.steps import Steps, make_optimizer, soft_losses
from koprep.zoo.training import seeded

GOOD, BAD = (tuple(f"{kind}{i}" for i in range(20)) for kind in ("좋", "나쁘"))


class Known:
    """A teacher that knows every word, and is asked as a classifier is."""

    def __init__(self, sure=0.9, label_names=("부정", "긍정")):
        self.label_names_ = label_names
        self.sure = sure
        self.asked = []

    def predict_proba(self, texts):
        texts = list(texts)
        self.asked.append(texts)
        positive = [self.sure if text.split()[0] in GOOD else 1 - self.sure for text in texts]
        return np.array([[1 - p, p] for p in positive], np.float32).reshape(-1, 2)


def classifier(**settings):
    return TextClassifier(
        "mlp",
        preprocessor=Preprocessor(tokenizer="whitespace"),
        model_options={"units": 8, "embedding_size": 8},
        label_names=("부정", "긍정"),
        training=TrainingConfig(epochs=30, batch_size=8, learning_rate=0.02, validation_split=0),
        **settings,
    )


def spread(probabilities):
    return float(np.abs(probabilities[:, 1] - 0.5).mean())


def test_a_student_is_as_sure_as_its_teacher():
    texts, labels = [*GOOD, *BAD] * 4, ([1] * 20 + [0] * 20) * 4
    alone = classifier().fit(texts, labels).predict_proba([*GOOD, *BAD])
    taught = classifier(teacher=Known(sure=0.7)).fit(texts, labels).predict_proba([*GOOD, *BAD])
    assert spread(alone) > 0.45
    # half the loss asks for certainty, the other for 0.7
    assert spread(taught) == pytest.approx(0.35, abs=0.05)


def test_texts_without_a_label_are_learned_from_what_the_teacher_answers_to_them():
    ratings = TextDataset(
        texts=tuple(f"{word} {word}" for word in GOOD + BAD) * 5,
        labels=np.zeros(200, np.int32) + np.tile(np.arange(5, dtype=np.int32), 40),
        label_names=tuple("12345"),
    )
    teacher = Known()
    student = classifier(ratings=ratings, teacher=teacher)
    student.fit([GOOD[0], BAD[0]] * 4, [1, 0] * 4)  # the ratings say nothing, being at random
    assert student.score([*GOOD[1:], *BAD[1:]], [1] * 19 + [0] * 19) == 1
    assert list(map(len, teacher.asked)) == [8, 200]


def test_a_teacher_of_other_labels_is_refused_before_it_is_asked():
    teacher = Known(label_names=("긍정", "부정"))
    with pytest.raises(ValueError, match="the teacher knows the labels 긍정, 부정, and the"):
        classifier(teacher=teacher).fit([GOOD[0], BAD[0]] * 4, [1, 0] * 4)
    assert not teacher.asked


@pytest.mark.parametrize("num_labels", [2, 3])
def test_the_loss_is_the_mean_of_both_cross_entropies(num_labels):
    spec = TaskSpec(task="classification", vocabulary_size=20, maxlen=3, num_labels=num_labels)
    rng = np.random.default_rng(0)
    examples = EncodedDataset(
        spec=spec,
        token_ids=rng.integers(1, 20, (30, 3)).astype(np.int32),
        labels=rng.integers(0, num_labels, 30).astype(np.int32),
    )
    answers = rng.dirichlet(np.ones(num_labels), 30).astype(np.float32)
    with seeded(0):
        model = create_model("gru", spec, units=3, embedding_size=2)
    found = model.predict_on_batch(examples.token_ids)
    found = np.concatenate([1 - found, found], axis=1) if num_labels == 2 else found
    soft = -(answers * np.log(found)).sum(axis=1)
    hard = -np.log(found[np.arange(30), examples.labels])
    assert soft_losses(model(examples.token_ids), answers).numpy() == pytest.approx(soft, rel=1e-4)
    steps = Steps(model, make_optimizer("adam", 0.1), spec, taught=True)
    loss, weight, *_ = steps.train(examples.batch(np.arange(30)), answers)
    assert loss / weight == pytest.approx(((hard + soft) / 2).mean(), rel=1e-4)


def test_of_a_rated_text_the_teachers_loss_is_added():
    spec = TaskSpec(task="classification", vocabulary_size=20, maxlen=3, num_labels=2)
    rng = np.random.default_rng(0)
    with seeded(0):
        model = create_model("gru", spec, units=3, embedding_size=2)
        both = rating_model(model, 5, with_labels=True)
    examples = EncodedDataset(
        spec=TaskSpec(task="classification", vocabulary_size=20, maxlen=3, num_labels=5),
        token_ids=rng.integers(1, 20, (30, 3)).astype(np.int32),
        labels=rng.integers(0, 5, 30).astype(np.int32),
    )
    answers = rng.dirichlet(np.ones(2), 30).astype(np.float32)
    above, positive = (part.numpy() for part in both(examples.token_ids))
    due = examples.labels[:, None] > np.arange(4)
    ordinal = -np.log(np.where(due, above, 1 - above)).mean(axis=1)
    soft = -(answers * np.log(np.concatenate([1 - positive, positive], axis=1))).sum(axis=1)
    steps = RatingSteps(both, make_optimizer("adam", 0.1), examples.spec, taught=True)
    loss, weight, *_ = steps.train(examples.batch(np.arange(30)), answers)
    assert loss / weight == pytest.approx((ordinal + soft).mean(), rel=1e-4)


def test_a_checkpoint_of_another_teacher_is_refused(tmp_path):
    texts, labels = [*GOOD, *BAD], [1] * 20 + [0] * 20
    kept = CheckpointConfig(folder=tmp_path, keep=True)
    classifier(teacher=Known(), checkpoints=kept).fit(texts, labels)
    again = CheckpointConfig(folder=tmp_path, resume=True)
    with pytest.raises(ValueError, match="the teacher's answers"):
        classifier(teacher=Known(sure=0.8), checkpoints=again).fit(texts, labels)


def test_a_teacher_that_clone_unfitted_is_told_how_to_stay():
    taught = clone(classifier(teacher=classifier()))
    with pytest.raises(NotFittedError, match=r"give sklearn\.frozen\.FrozenEstimator\(teacher\)"):
        taught.fit([GOOD[0], BAD[0]] * 4, [1, 0] * 4)
