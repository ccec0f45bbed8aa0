from dataclasses import replace

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from koprep import Preprocessor
from koprep.datasets import load
from koprep.zoo import (
    LinearBaseline,
    LinearConfig,
    TextClassifier,
    TrainingConfig,
    create_classifier,
)
from koprep.zoo import load as load_model
from koprep.zoo.leaderboard import _with_fewer_words, make_leaderboard

EXAMPLES, HELD_OUT = load("mini_reviews"), load("mini_reviews", split="test")
THREE = (
    ["공이 골대에 들어갔다", "주가가 또 올랐다", "비가 또 온다"] * 6,
    ["운동", "경제", "날씨"] * 6,
)


def words(**settings):
    preprocessor = Preprocessor(tokenizer="whitespace", vocabulary_size=None)
    return LinearBaseline(preprocessor=preprocessor, **settings)


@pytest.fixture(scope="module")
def fitted():
    return LinearBaseline(label_names=EXAMPLES.label_names).fit(EXAMPLES.texts, EXAMPLES.labels)


@pytest.mark.parametrize(
    ("texts", "labels"),
    [(EXAMPLES.texts, EXAMPLES.labels), THREE],
    ids=["two labels", "three labels"],
)
def test_probabilities_are_those_of_scikit_learns_own_pipeline(texts, labels):
    baseline = words(config=LinearConfig(C=3.0)).fit(texts, labels)
    cleaned = list(map(baseline.preprocessor_.cleaner_.clean, texts))
    features = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, analyzer="word",
        tokenizer=str.split, token_pattern=None, lowercase=False,
    )  # fmt: skip
    oracle = make_pipeline(features, LogisticRegression(C=3.0, max_iter=300)).fit(cleaned, labels)
    assert len(baseline.ngrams_) == len(features.vocabulary_)
    new = ["정말 좋아요 또 올랐다", "비가 비가 온다", "처음보는낱말", ""]
    assert np.allclose(baseline.predict_proba(new), oracle.predict_proba(new), atol=1e-3)
    assert (baseline.classes_ == oracle.classes_).all()


def test_it_learns_what_a_review_feels(fitted):
    assert fitted.evaluate(HELD_OUT).accuracy > 0.7
    assert fitted.score(HELD_OUT.texts, HELD_OUT.labels) == fitted.evaluate(HELD_OUT).accuracy


def test_saved_and_loaded_the_probabilities_are_the_same(fitted, tmp_path):
    folder = fitted.save(tmp_path / "model", metrics={"test_accuracy": 0.5})
    loaded = load_model(folder, strict=True)
    assert isinstance(loaded, LinearBaseline)
    assert (loaded.predict_proba(HELD_OUT.texts) == fitted.predict_proba(HELD_OUT.texts)).all()
    assert loaded.label_names_ == EXAMPLES.label_names
    for file in folder.glob("*.npy"):
        np.load(file, allow_pickle=False)


def test_word_labels_survive_saving(tmp_path):
    baseline = words().fit(*THREE)
    loaded = load_model(baseline.save(tmp_path / "model"))
    assert loaded.predict(THREE[0]).tolist() == baseline.predict(THREE[0]).tolist() == THREE[1]


def test_no_text_and_unknown_words_get_the_intercepts_alone():
    baseline = words().fit(*THREE)
    expected = softmax(baseline.intercepts_)
    assert np.allclose(baseline.predict_proba(["", "모르는낱말뿐"]), expected, atol=1e-6)
    assert baseline.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(lambda: LinearConfig(C=0), "C must be above 0, got 0", id="C"),
        pytest.param(lambda: LinearConfig(min_texts=0), "min_texts must be", id="min_texts"),
        pytest.param(
            lambda: create_classifier("tfidf_logreg", model_options={"units": 3}),
            "'tfidf_logreg' has no option 'units'.*min_texts",
            id="option",
        ),
        pytest.param(
            lambda: create_classifier("tfidf"), "unknown model 'tfidf'.*tfidf_logreg", id="name"
        ),
        pytest.param(
            lambda: words().fit(["하나", "둘"], [0, 1]), "no token stands in 2 texts", id="nothing"
        ),
        pytest.param(
            lambda: make_leaderboard(["grue"], EXAMPLES, HELD_OUT, preprocessor=Preprocessor()),
            "unknown model 'grue'",
            id="leaderboard",
        ),
        pytest.param(
            lambda: make_leaderboard(
                ["mlp"], EXAMPLES, HELD_OUT, preprocessor=Preprocessor(oov_token=None)
            ),
            "needs an oov_token",
            id="no OOV",
        ),
        *(
            pytest.param(
                lambda changed=changed: make_leaderboard(
                    ["mlp"], EXAMPLES, HELD_OUT, preprocessor=Preprocessor(**changed)
                ),
                f"needs {next(iter(changed))}=",
                id=str(changed),
            )
            for changed in ({"spell_unknown": True}, {"oov_buckets": 2}, {"coverage": 0.9})
        ),
    ],
)
def test_what_is_wrong_is_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_a_label_without_a_text_is_named():
    preprocessor = Preprocessor(tokenizer="whitespace")
    rows = preprocessor.fit_transform_ragged(THREE[0])
    labels = np.array([0, 2, 0] * 6, np.int32)
    with pytest.raises(ValueError, match="label '나' has no text: give texts of every label"):
        LinearBaseline().fit_encoded(preprocessor, rows, labels, ("가", "나", "다"))
    with pytest.raises(ValueError, match="is a label without texts"):
        words(label_names=("가", "나", "다")).fit(THREE[0], labels)


def test_the_length_of_the_rows_comes_from_the_texts_the_networks_learn():
    whole = words().fit(EXAMPLES.texts, EXAMPLES.labels).preprocessor_
    short = whole.transform_ragged(["좋아요", "정말 좋아요"])
    cut = _with_fewer_words(whole, Preprocessor(tokenizer="whitespace"), short)
    assert (cut.maxlen_, cut.whole_share_) == (2, 1.0)
    fixed = _with_fewer_words(whole, Preprocessor(tokenizer="whitespace", maxlen=1), short)
    assert (fixed.maxlen_, fixed.whole_share_) == (1, 0.5)


def test_the_leaderboard_measures_what_training_alone_gives():
    """Shared tokens give the network that `TextClassifier` trains by itself, and the baseline."""
    preprocessor = Preprocessor(tokenizer="whitespace", min_count=2, vocabulary_size=150)
    config = TrainingConfig(epochs=2, learning_rate=0.01)
    board = make_leaderboard(["mlp"], EXAMPLES, HELD_OUT, preprocessor=preprocessor, config=config)
    rows = {row.model: row for row in board.rows}
    assert set(rows) == {"mlp", "tfidf_logreg"}
    assert [row.accuracy for row in board.rows] == sorted(
        (row.accuracy for row in board.rows), reverse=True
    )
    alone = words(label_names=EXAMPLES.label_names).fit(EXAMPLES.texts, EXAMPLES.labels)
    assert rows["tfidf_logreg"].accuracy == alone.evaluate(HELD_OUT).accuracy
    network = TextClassifier("mlp", preprocessor=preprocessor, training=config)
    network.fit(EXAMPLES.texts, EXAMPLES.labels)
    assert rows["mlp"].parameters == network.model_.count_params()
    assert abs(rows["mlp"].accuracy - network.score(HELD_OUT.texts, HELD_OUT.labels)) < 0.05
    assert all(row.size_bytes > 1000 and row.latency_ms > 0 for row in board.rows)
    markdown = board.to_markdown().splitlines()
    assert len(markdown) == 4 + 2
    assert markdown[4].startswith(f"| {board.rows[0].model} |")


def test_the_leaderboard_names_the_part_without_labels():
    labelled = load("mini_reviews")
    bare = replace(load("mini_reviews", split="test"), labels=None, label_names=(), name="bare")
    with pytest.raises(ValueError, match="dataset 'bare' has no labels"):
        make_leaderboard(["gru"], labelled, bare, preprocessor=Preprocessor())


def test_words_of_the_networks_are_those_of_a_fit_on_what_they_learn_from():
    """At a tie the first in the texts they learn from, whatever the held-out texts hold."""
    learned, held_out = ["가 나 다"], ["나 다"] * 5
    wanted = Preprocessor(tokenizer="whitespace", vocabulary_size=4)
    whole = Preprocessor(tokenizer="whitespace", vocabulary_size=None)
    rows = whole.fit_transform_ragged([*learned, *held_out])
    fewer = _with_fewer_words(whole, wanted, rows.part(0, 1))
    assert fewer.vocabulary_ == wanted.fit(learned).vocabulary_


def test_a_setting_that_no_network_knows_is_told_before_the_work(monkeypatch):
    monkeypatch.setattr(
        Preprocessor, "fit_transform_ragged", lambda *_: pytest.fail("a text was cut")
    )
    config = TrainingConfig(optimizer="adamm")
    with pytest.raises(ValueError, match="unknown optimizer 'adamm'"):
        make_leaderboard(["mlp"], EXAMPLES, HELD_OUT, preprocessor=Preprocessor(), config=config)
