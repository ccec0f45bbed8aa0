"""The bigram baseline: its probabilities are probabilities, its weights the best there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import Preprocessor
from koprep.zoo import BigramLanguageModel, TextGenerator, TrainingConfig

TEXTS = ["가 나 다", "가 나", "나 다 가", "다 다", "가 다 나 가", "나 나", "가 마", "라 가"]


def model(held_out=0.25, **settings):
    preprocessor = Preprocessor(tokenizer="whitespace", **settings)
    return BigramLanguageModel(preprocessor, held_out=held_out)


@pytest.fixture(scope="module")
def fitted():
    return model().fit(TEXTS)


@pytest.mark.parametrize("weights", [None, (0.9, 0.05, 0.05), (0.1, 0.1, 0.8)])
def test_after_every_token_the_probabilities_sum_to_1(weights):
    fitted = model().fit(TEXTS)
    if weights is not None:
        fitted.weights_ = np.array(weights)
    vocabulary = fitted.encoder_.preprocessor.vocabulary_
    for before in [None, *vocabulary.words, "모르는말"]:
        total = 0.0
        for after in [*vocabulary.words, "모르는말", None]:
            row = [token for token in (before, after) if token is not None]
            logs = fitted.token_log_probabilities([" ".join(row)])
            total += np.exp(logs[0 if before is None else 1])
        assert total == pytest.approx(1)


@settings(max_examples=50)
@given(st.tuples(*[st.floats(0.01, 1)] * 3))
def test_no_other_weights_suit_the_held_out_texts_better(shares):
    held_out = ["가 나 가", "다 나 나", "라 다"]
    fitted = model().fit(TEXTS)
    components = fitted._components(fitted.encoder_.encode(held_out))
    from koprep.zoo.ngram import _best_weights, _mixed

    best = _best_weights(components)
    other = np.array(shares) / sum(shares)
    assert best.sum() == pytest.approx(1)
    known = components[~np.isnan(components[:, 2])]
    best_score, other_score = (np.log(_mixed(known, w)).sum() for w in (best, other))
    assert best_score >= other_score - 1e-4


def test_order_matters():
    rng = np.random.default_rng(0)
    words = list("가나다라마")
    steps = np.where(rng.random((300, 6)) < 0.9, 1, rng.integers(0, 5, (300, 6)))
    texts = [" ".join(words[i % 5] for i in np.cumsum(row)) for row in steps]
    trained = model().fit(texts)
    assert trained.weights_[2] > 0.6
    assert trained.perplexity(["나 다 라"]) < 3 < trained.perplexity(["라 다 나"])


def test_perplexity_is_the_exponential_of_the_score(fitted):
    assert fitted.perplexity(TEXTS) == pytest.approx(np.exp(-fitted.score(TEXTS)))


def test_it_counts_the_same_tokens_as_a_generator():
    preprocessor = Preprocessor(tokenizer="whitespace", min_count=2)
    training = TrainingConfig(epochs=1, validation_split=0.25, seed=3)
    options = {"embedding_size": 2, "units": 2}
    generator = TextGenerator(
        "gru", preprocessor=preprocessor, model_options=options, training=training
    ).fit(TEXTS)
    bigrams = BigramLanguageModel(preprocessor, held_out=0.25, seed=3).fit(TEXTS)
    mine, theirs = bigrams.encoder_, generator.encoder_
    assert mine.preprocessor.vocabulary_ == theirs.preprocessor.vocabulary_
    texts = ["가 모르는말", "", "나"]
    assert len(bigrams.token_log_probabilities(texts)) == 3 + 1 + 2
    assert len(generator.token_log_probabilities(texts)) == 3 + 1 + 2


def test_weights_need_held_out_texts():
    with pytest.raises(ValueError, match="held_out must be between 0 and 1, got 0"):
        model(held_out=0).fit(TEXTS)
