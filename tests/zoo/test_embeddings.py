"""Embeddings learned from unlabelled text, and their way into every estimator."""

import sys

import numpy as np
import pytest
from sklearn.base import clone

from koprep import Preprocessor, Vocabulary
from koprep.datasets import load
from koprep.zoo import (
    CheckpointConfig,
    PretrainedEmbeddings,
    SequenceTagger,
    TextClassifier,
    TextGenerator,
    TrainingConfig,
    Word2VecConfig,
    create_classifier,
    pretrain_embeddings,
)

WORDS = Preprocessor(tokenizer="whitespace")
REVIEWS = load("mini_reviews", limit=40)
WEATHER = load("weather_menu", count=20)
TRAINING = TrainingConfig(epochs=1, validation_split=0.2)
SIZE = 3
needs_gensim = pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="gensim has no wheel for Python 3.14 yet"
)

ANIMALS, TOOLS = ("고양이", "강아지", "토끼"), ("망치", "톱", "드릴")
TALK = [
    [noun, *rest]
    for _ in range(60)
    for nouns, ends in (
        (ANIMALS, (["밥을", "먹고", "잔다"], ["귀엽게", "뛰어", "논다"])),
        (TOOLS, (["나무를", "깎고", "박는다"], ["무겁게", "벽에", "걸린다"])),
    )
    for noun in nouns
    for rest in ends
]


def counted(preprocessor):
    """Return a matrix that tells its rows apart."""
    rows = len(preprocessor.vocabulary_)
    return np.arange(rows * SIZE, dtype=np.float64).reshape(rows, SIZE) / 100


def estimator(kind, **settings):
    settings = {"model_options": {"units": 2}, "training": TRAINING, **settings}
    return kind("simple_rnn", preprocessor=WORDS, embeddings=counted, **settings)


@needs_gensim
def test_words_used_alike_are_near_each_other():
    vocabulary = Vocabulary.build(TALK)
    matrix = pretrain_embeddings(TALK, vocabulary, Word2VecConfig(size=16, epochs=100))
    assert (matrix.dtype, matrix.shape) == (np.float32, (len(vocabulary), 16))
    rows = matrix[vocabulary.encode([*ANIMALS, *TOOLS])]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near = rows @ rows.T
    alike = np.kron(np.eye(2), np.ones((3, 3))) > 0
    assert near[alike].min() > near[~alike].max()


@needs_gensim
def test_the_same_seed_learns_the_same_and_another_does_not():
    vocabulary = Vocabulary.build(TALK)
    first, again, other = (
        pretrain_embeddings(TALK, vocabulary, Word2VecConfig(size=8, seed=seed))
        for seed in (1, 1, 2)
    )
    assert first.tobytes() == again.tobytes()
    assert (first[2:] != other[2:]).any()  # the words; what begins at random differs anyway


@needs_gensim
def test_unknown_tokens_learn_a_vector_and_unseen_ids_begin_at_random():
    few = Vocabulary((*ANIMALS, "처음", "둘째"))  # the texts hold neither of the last two
    config = Word2VecConfig(size=64, epochs=20)
    matrix = pretrain_embeddings(TALK, few, config)
    shorter = pretrain_embeddings(TALK, few, Word2VecConfig(size=64, epochs=1))
    moved = (matrix != shorter).any(axis=1)
    assert moved[1:5].all()  # OOV and the animals
    assert not matrix[0].any()
    unseen = matrix[5:]
    assert (unseen[0] != unseen[1]).all()
    assert 0.5 < unseen.std() / matrix[1:5].std() < 2


@needs_gensim
def test_texts_without_a_known_token_are_refused():
    with pytest.raises(ValueError, match="holds a token of the vocabulary"):
        pretrain_embeddings([["처음", "보는", "말"]], Vocabulary(ANIMALS))


@needs_gensim
def test_raw_texts_go_through_the_estimators_own_preprocessing():
    texts = [" ".join(tokens) for tokens in TALK]
    fitted = Preprocessor(tokenizer="whitespace").fit(texts)
    config = Word2VecConfig(size=4)
    learned = clone(PretrainedEmbeddings(texts, config), safe=False)(fitted)
    assert (learned == pretrain_embeddings(TALK, fitted.vocabulary_, config)).all()
    with pytest.raises(TypeError, match="put it in a list"):
        PretrainedEmbeddings("한 문장")


def test_a_missing_gensim_is_told_before_the_work(monkeypatch):
    class NoGensim:
        @staticmethod
        def find_spec(name, *_):
            if name == "gensim":
                raise ModuleNotFoundError("No module named 'gensim'", name=name)

    for name in [name for name in sys.modules if name.split(".")[0] == "gensim"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoGensim, *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'koprep\[embeddings\]'"):
        PretrainedEmbeddings(["한 문장"])


@pytest.mark.parametrize("setting", ["size", "window", "epochs"])
def test_impossible_settings_are_named(setting):
    with pytest.raises(ValueError, match=f"{setting} must be at least 1, got 0"):
        Word2VecConfig(**{setting: 0})


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param(TextClassifier, (REVIEWS.texts, REVIEWS.labels), id="classifier"),
        pytest.param(SequenceTagger, (WEATHER,), id="tagger"),
        pytest.param(TextGenerator, (REVIEWS.texts,), id="generator"),
    ],
)
def test_every_estimator_begins_with_the_matrix(kind, data):
    frozen = {"units": 2, "freeze_embedding": True}
    fitted = clone(estimator(kind, model_options=frozen)).fit(*data)
    (kept,) = fitted.model_.get_layer("embedding").get_weights()
    preprocessor = getattr(fitted, "preprocessor_", None) or fitted.encoder_.preprocessor
    due = counted(preprocessor).astype(np.float32)
    assert (kept[: len(due)] == due).all()
    boundary = kept[len(due) :]
    assert len(boundary) == (kind is TextGenerator)
    assert boundary.all()


@pytest.mark.parametrize(
    ("embeddings", "options", "error", "message"),
    [
        pytest.param(
            lambda fitted: counted(fitted)[1:], {}, ValueError, "a row for each id", id="rows"
        ),
        pytest.param(
            lambda fitted: counted(fitted) * np.nan, {}, ValueError, "must be finite", id="NaN"
        ),
        pytest.param(counted, {"embedding_size": 5}, ValueError, "embedding_size is 5", id="size"),
        pytest.param(np.zeros((4, 2)), {}, TypeError, "be a function.* got ndarray", id="array"),
    ],
)
def test_embeddings_that_do_not_fit_are_refused(embeddings, options, error, message):
    classifier = estimator(TextClassifier, model_options=options)
    with pytest.raises(error, match=message):
        classifier.set_params(embeddings=embeddings).fit(REVIEWS.texts, REVIEWS.labels)


def test_the_linear_baseline_takes_none():
    with pytest.raises(ValueError, match="takes no embeddings"):
        create_classifier("tfidf_logreg", embeddings=counted)


def test_a_training_resumes_with_its_own_embeddings_alone(tmp_path, monkeypatch):
    # a training that ends removes its checkpoint; this one is as if it were stopped just before
    monkeypatch.setattr(CheckpointConfig, "remove", lambda self: None)

    def classifier(embeddings, resume):
        checkpoints = CheckpointConfig(folder=tmp_path, resume=resume)
        return estimator(TextClassifier, checkpoints=checkpoints).set_params(embeddings=embeddings)

    data = (REVIEWS.texts, REVIEWS.labels)
    classifier(counted, False).fit(*data)
    classifier(counted, True).fit(*data)
    with pytest.raises(ValueError, match="of another training: the embeddings was"):
        classifier(lambda fitted: counted(fitted) + 1, True).fit(*data)


@needs_gensim
def test_a_size_that_is_not_the_models_is_told_before_a_text_is_read():
    learned = PretrainedEmbeddings(["한 문장"], Word2VecConfig(size=6))
    classifier = TextClassifier("gru", model_options={"embedding_size": 5}, embeddings=learned)

    def texts():
        pytest.fail("a text was read")
        yield ""

    with pytest.raises(ValueError, match="embedding_size is 5, the embeddings' is 6"):
        classifier.fit(texts(), [])
    alone = clone(classifier).set_params(model_options=None)
    with pytest.raises(pytest.fail.Exception, match="a text was read"):
        alone.fit(texts(), [])
