import json
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from koprep import Preprocessor
from koprep.datasets import EncodedDataset, TextDataset, load
from koprep.zoo import SequenceTagger, TextClassifier, TextGenerator, TrainingConfig
from koprep.zoo import load as load_model
from koprep.zoo.inspection import probabilities_after_each_token
from koprep.zoo.labeling import validation_split

SMALL = {"embedding_size": 16, "units": 16}
EXAMPLES = load("mini_reviews")
HELD_OUT = load("mini_reviews", split="test")


def small(**settings):
    settings.setdefault("training", TrainingConfig(epochs=6, batch_size=16, learning_rate=0.005))
    return TextClassifier("gru", model_options=SMALL, **settings)


@pytest.fixture(scope="module")
def fitted():
    return small(label_names=EXAMPLES.label_names).fit(EXAMPLES.texts, EXAMPLES.labels)


def test_it_learns_what_a_review_feels(fitted):
    assert fitted.score(HELD_OUT.texts, HELD_OUT.labels) > 0.7
    assert fitted.score(HELD_OUT.texts, 1 - HELD_OUT.labels) < 0.3


def test_probabilities_and_predictions_agree(fitted):
    probabilities = fitted.predict_proba(HELD_OUT.texts)
    assert probabilities.shape == (len(HELD_OUT), 2)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (fitted.predict(HELD_OUT.texts) == fitted.classes_[probabilities.argmax(1)]).all()


def test_a_prediction_does_not_depend_on_its_neighbours(fitted):
    texts = [*HELD_OUT.texts[:40], "", "아주 " * 300 + "좋아요"]
    together = fitted.predict_proba(texts)
    alone = np.concatenate([fitted.predict_proba([text]) for text in texts])
    backwards = fitted.predict_proba(texts[::-1])[::-1]
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(together - backwards).max() < 1e-5


def test_texts_without_tokens_get_a_prediction(fitted):
    assert np.isfinite(fitted.predict_proba(["", "  ", "\u200b"])).all()
    assert fitted.predict_proba([]).shape == (0, 2)


def test_saved_and_loaded_the_probabilities_are_the_same(fitted, tmp_path):
    loaded = load_model(fitted.save(tmp_path / "model"), strict=True)
    of_keras, of_onnx = (it.predict_proba(HELD_OUT.texts) for it in (fitted, loaded))
    assert np.abs(of_onnx - of_keras).max() < 1e-5
    assert loaded.classes_.tolist() == [0, 1]
    assert loaded.label_names_ == ("부정", "긍정")
    assert loaded.history_ == fitted.history_
    preprocessor = Preprocessor.load(tmp_path / "model")
    assert (preprocessor.transform(["좋아요"]) == fitted.preprocessor_.transform(["좋아요"])).all()


def test_the_bundle_keeps_figures_of_the_best_epoch(fitted, tmp_path):
    folder = fitted.save(tmp_path / "model", metrics={"test_accuracy": 0.5})
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["test_accuracy"] == 0.5
    assert metrics["val_loss"] == min(epoch["val_loss"] for epoch in fitted.history_)
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert "test_accuracy: 0.5000" in card
    assert "부정, 긍정" in card
    assert "kiwipiepy" in card


def test_the_same_seed_gives_the_same_model():
    short = TrainingConfig(epochs=1, seed=3)
    part = EXAMPLES.limit(120)
    one, two = (small(training=short).fit(part.texts, part.labels) for _ in range(2))
    for weight, other in zip(one.model_.weights, two.model_.weights, strict=True):
        assert (weight.numpy() == other.numpy()).all()
    other = small(training=TrainingConfig(epochs=1, seed=4)).fit(part.texts, part.labels)
    assert (other.model_.weights[0].numpy()[:3] != one.model_.weights[0].numpy()[:3]).any()


def test_training_leaves_the_callers_random_streams_alone():
    part = EXAMPLES.limit(60)
    random.seed(1)
    np.random.seed(1)
    expected = random.random(), np.random.random()
    random.seed(1)
    np.random.seed(1)
    small(training=TrainingConfig(epochs=1)).fit(part.texts, part.labels)
    assert (random.random(), np.random.random()) == expected


def test_labels_may_be_words_and_more_than_two():
    texts = ["공이 골대에 들어갔다", "주가가 올랐다", "비가 온다"] * 20
    labels = ["운동", "경제", "날씨"] * 20
    longer = TrainingConfig(epochs=12, batch_size=16, learning_rate=0.01, validation_split=0)
    classifier = small(training=longer).fit(texts, labels)
    assert classifier.classes_.tolist() == ["경제", "날씨", "운동"]
    assert classifier.predict(texts[:3]).tolist() == labels[:3]


def test_word_labels_survive_saving(tmp_path):
    texts, labels = ["좋아요", "싫어요"] * 20, ["up", "down"] * 20
    classifier = small(training=TrainingConfig(epochs=2, validation_split=0)).fit(texts, labels)
    loaded = load_model(classifier.save(tmp_path / "model"))
    assert loaded.predict(texts).tolist() == classifier.predict(texts).tolist()


def test_the_vocabulary_comes_from_the_training_part_only():
    part = EXAMPLES.limit(200)
    half = TrainingConfig(epochs=1, validation_split=0.5)
    whole = small(training=TrainingConfig(epochs=1, validation_split=0))
    held = small(training=half).fit(part.texts, part.labels)
    assert len(held.preprocessor_.vocabulary_) < len(
        whole.fit(part.texts, part.labels).preprocessor_.vocabulary_
    )
    assert "val_loss" not in whole.history_[0]


def test_copies_of_a_text_stand_on_one_side_of_the_split():
    texts = ["가", " 가", *(f"나{number}" for number in range(40))] * 3
    labels = np.array([0, *[1] * 41] * 3, np.int32)
    learn, held_out = validation_split(texts, labels, ("x", "y"), 0.3, 0)
    sides = [{texts[row].strip() for row in rows} for rows in (learn, held_out)]
    assert all(sides)
    assert not sides[0] & sides[1]
    assert sorted([*learn, *held_out]) == list(range(len(texts)))


def test_training_stops_when_the_validation_loss_no_longer_falls():
    noise = np.random.default_rng(0).integers(0, 2, len(EXAMPLES)).astype(np.int32)
    patient = TrainingConfig(epochs=30, batch_size=16, learning_rate=0.01, patience=1)
    classifier = small(training=patient).fit(EXAMPLES.texts, noise)
    losses = [epoch["val_loss"] for epoch in classifier.history_]
    assert len(losses) < 30
    assert losses[-2] == min(losses)


def test_it_is_a_scikit_learn_estimator(fitted):
    assert clone(fitted).get_params()["model_options"] == SMALL
    preprocessor = Preprocessor(tokenizer="syllable")
    classifier = small(preprocessor=preprocessor, training=TrainingConfig(epochs=1))
    part = EXAMPLES.limit(60)
    classifier.fit(part.texts, part.labels)
    assert not hasattr(preprocessor, "vocabulary_")


def test_cross_validation_and_grid_search_take_it():
    part = EXAMPLES.limit(120, seed=0)
    quick = small(
        preprocessor=Preprocessor(tokenizer="syllable"),
        training=TrainingConfig(epochs=1, validation_split=0),
    ).set_params(model="mlp")
    scores = cross_val_score(quick, part.texts, part.labels, cv=2, error_score="raise")
    assert scores.shape == (2,)
    assert ((scores >= 0) & (scores <= 1)).all()
    grid = {
        "model_options": [{"units": 2}, {"units": 4}],
        "preprocessor__tokenizer": ["whitespace", "syllable"],
    }
    search = GridSearchCV(quick, grid, cv=2, error_score="raise").fit(part.texts, part.labels)
    assert search.best_params_["model_options"] in grid["model_options"]
    assert search.best_estimator_.predict_proba(["좋아요"]).shape == (1, 2)


def test_rare_labels_are_found_when_balanced():
    texts = ["좋아요 정말 최고", "그저 그래요"] * 10 + ["싫어요"]
    labels = ["a"] * 20 + ["b"]
    settings = {"epochs": 8, "batch_size": 32, "learning_rate": 0.02, "validation_split": 0}
    found = {
        weight: small(training=TrainingConfig(**settings, class_weight=weight))
        .set_params(model="mlp", preprocessor=Preprocessor(tokenizer="whitespace"))
        .fit(texts, labels)
        .predict_proba(["싫어요"])[0, 1]
        for weight in (None, "balanced")
    }
    assert found["balanced"] > found[None] + 0.1


def test_evaluation_compares_by_label(fitted):
    result = fitted.evaluate(HELD_OUT)
    assert result.accuracy == fitted.score(HELD_OUT.texts, HELD_OUT.labels)
    assert sum(map(sum, result.confusion)) == result.examples == len(HELD_OUT)
    assert [row.label for row in result.labels] == ["부정", "긍정"]


def test_evaluation_refuses_other_labels(fitted):
    other = TextDataset(
        texts=("가",), labels=np.zeros(1, np.int32), label_names=("a", "b"), name="mine"
    )
    with pytest.raises(ValueError, match="knows the labels 부정, 긍정, dataset 'mine' has a, b"):
        fitted.evaluate(other)


@pytest.mark.parametrize(
    ("texts", "labels", "error", "message"),
    [
        pytest.param("한 문장", [1], TypeError, "put it in a list", id="bare string"),
        pytest.param(["가", None], [0, 1], TypeError, "row 1 holds no text", id="None"),
        pytest.param(["가", "나"], [0], ValueError, "2 texts need as many labels, got 1", id="few"),
        pytest.param(["가", "나"], [0, None], ValueError, "row 1 has no label", id="no label"),
        pytest.param(["가", "나"], [0, float("nan")], ValueError, "row 1 has no label", id="NaN"),
        pytest.param(["가", "나"], [0, pd.NA], ValueError, "row 1 has no label", id="pandas NA"),
        pytest.param(["가", "나"], [0, "a"], ValueError, "row 1 has the label 'a'", id="mixed"),
        pytest.param(
            ["가", "나"], np.zeros((2, 1), int), ValueError, "row 0 has .* one label", id="column"
        ),
        pytest.param(["가", "나"], [0.5, 1.5], ValueError, "whole numbers", id="fractions"),
        pytest.param(["가", "나"], [1, 1], ValueError, "two kinds at least", id="one kind"),
        pytest.param(["가", "나"], [0, 1], ValueError, "label '0' has 1 text", id="few 0"),
        pytest.param(
            ["가", "나"] * 9,
            [0, 1] * 9,
            ValueError,
            "18 texts are too few to hold out",
            id="copies",
        ),
    ],
)
def test_bad_training_data_is_named(texts, labels, error, message):
    with pytest.raises(error, match=message):
        small().fit(texts, labels)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(lambda: TextClassifier("grue"), "unknown model 'grue'", id="model"),
        pytest.param(
            lambda: TextClassifier(model_options={"unit": 3}), "no option 'unit'", id="option"
        ),
        pytest.param(lambda: small(label_names=("하나",)), "as many label_names", id="label names"),
        pytest.param(
            lambda: small(training=TrainingConfig(optimizer="adamant")),
            "unknown optimizer 'adamant'",
            id="optimizer",
        ),
        pytest.param(
            lambda: TextClassifier(model_options={"freeze_embedding": True}),
            "needs an embedding_matrix",
            id="nothing to freeze",
        ),
    ],
)
def test_bad_settings_are_named(build, message):
    with pytest.raises(ValueError, match=message):
        build().fit([f"좋아요{number}" for number in range(40)], [1, 0] * 20)


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (small(training=TrainingConfig(optimizer="adamant")), "unknown optimizer 'adamant'"),
        (TextClassifier(model_options={"freeze_embedding": True}), "embedding_matrix"),
        (TextGenerator(training=TrainingConfig(class_weight="balanced")), "class_weight is for"),
        (SequenceTagger(training=TrainingConfig(class_weight="balanced")), "class_weight is for"),
    ],
)
def test_bad_settings_show_before_a_text_is_read(estimator, message):
    def texts():
        pytest.fail("a text was read")
        yield ""

    with pytest.raises(ValueError, match=message):
        estimator.fit(texts(), [])


def test_without_the_mask_an_answer_does_not_depend_on_its_neighbours():
    texts = ["좋아요", "싫어요", "정말 정말 정말 정말 좋아요", "아주 아주 아주 아주 싫어요"]
    classifier = TextClassifier(
        "simple_rnn",
        preprocessor=Preprocessor(tokenizer="whitespace"),
        model_options={**SMALL, "mask_padding": False},
        training=TrainingConfig(epochs=2, validation_split=0, learning_rate=0.05),
    ).fit(texts, [1, 0, 1, 0])
    together = classifier.predict_proba(texts)
    for text, row in zip(texts, together, strict=True):
        assert np.allclose(classifier.predict_proba([text])[0], row, atol=1e-6)
    after = probabilities_after_each_token(classifier, texts[2])
    assert np.allclose(after[-1], together[2], atol=1e-6)


def test_a_preprocessor_bundle_is_no_model(tmp_path):
    folder = Preprocessor(tokenizer="syllable").fit(["가"]).save(tmp_path / "saved")
    with pytest.raises(ValueError, match="holds a preprocessor and no model"):
        load_model(folder)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"units": np.int64(4)}, "units must be a whole number"),
        ({"embedding_size": 8.0}, "embedding_size must be a whole number"),
        ({"layers": 2.0}, "layers must be a whole number"),
        ({"dropout": np.float32(0.1)}, "dropout must be a number"),
    ],
)
def test_numbers_that_could_not_be_saved_are_refused_before_the_work(options, message):
    with pytest.raises(TypeError, match=message):
        TextClassifier("gru", model_options=options).fit(["가", "나"], [0, 1])


def test_names_of_labels_are_texts():
    with pytest.raises(TypeError, match="label_names must be texts, got 1"):
        small(label_names=[1, 2]).fit(["가", "나"], [0, 1])


def test_names_may_come_as_a_list(fitted):
    listed = TextDataset(
        texts=list(HELD_OUT.texts), labels=HELD_OUT.labels, label_names=list(HELD_OUT.label_names)
    )
    assert fitted.evaluate(listed).accuracy == fitted.evaluate(HELD_OUT).accuracy


@pytest.fixture(scope="module")
def encoded():
    preprocessor = Preprocessor(tokenizer="syllable").fit(EXAMPLES.texts)
    return preprocessor, EXAMPLES.encode(preprocessor)


def renamed(examples, **changes):
    return replace(examples, spec=replace(examples.spec, **changes))


def as_tagging(examples):
    return EncodedDataset(
        spec=replace(examples.spec, task="tagging"),
        token_ids=examples.token_ids,
        labels=np.zeros_like(examples.token_ids),
        sample_weight=(examples.token_ids != 0).astype(np.float32),
    )


@pytest.mark.parametrize(
    ("estimator", "change", "message"),
    [
        pytest.param(
            small(),
            lambda examples: (examples, renamed(examples, label_names=("긍정", "부정"))),
            "validation must be as training",
            id="labels of the validation",
        ),
        pytest.param(
            small(),
            lambda examples: (as_tagging(examples), None),
            "of classification, not of tagging",
            id="task",
        ),
        pytest.param(
            small(ratings=EXAMPLES), lambda examples: (examples, None), "ratings are for", id="rate"
        ),
        pytest.param(
            small(teacher=object()), lambda examples: (examples, None), "teacher is for", id="teach"
        ),
    ],
)
def test_encoded_examples_are_checked_as_texts_are(encoded, estimator, change, message):
    preprocessor, examples = encoded
    with pytest.raises(ValueError, match=message):
        estimator.fit_encoded(preprocessor, *change(examples))
