"""Stopwords that a labelled corpus suggests."""

import numpy as np
import pytest

from koprep.stopwords import NEGATION, suggest_stopwords
from koprep.tokenizers import Token


def random_corpus(num_labels=2, texts=4000, seed=7):
    """Texts of neutral tokens and of tokens whose share depends on the label."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(num_labels, size=texts)
    shares = {
        "neutral-often": lambda y: 0.6,
        "neutral-seldom": lambda y: 0.05,
        "좋": lambda y: 0.30 if y == 0 else 0.15,
        "싫": lambda y: 0.05 if y == 0 else 0.10,
        "안": lambda y: 0.2,
    }
    token_lists = [
        ["always", *(token for token, share in shares.items() if generator.random() < share(y))]
        for y in labels
    ]
    return token_lists, labels


@pytest.mark.parametrize("num_labels", [2, 3])
def test_suggests_neutral_tokens_only_most_frequent_first(num_labels):
    token_lists, labels = random_corpus(num_labels)
    suggestions = suggest_stopwords(token_lists, labels)
    assert [row.token for row in suggestions] == ["always", "neutral-often", "neutral-seldom"]
    assert suggestions[0].document_share == 1
    assert suggestions[0].information == 0


@pytest.mark.parametrize("num_labels", [2, 3])
def test_information_and_p_value_are_those_of_the_libraries(num_labels):
    from scipy.stats import chi2_contingency
    from sklearn.metrics import mutual_info_score

    token_lists, labels = random_corpus(num_labels)
    rows = {row.token: row for row in suggest_stopwords(token_lists, labels, min_p_value=0)}
    assert set(rows) == {"always", "neutral-often", "neutral-seldom", "좋", "싫"}
    for token, row in rows.items():
        present = np.array([token in tokens for tokens in token_lists])
        assert row.document_share == pytest.approx(present.mean())
        bits = mutual_info_score(present, labels) / np.log(2)
        assert row.information == pytest.approx(bits, abs=1e-12)
        if token != "always":  # the library refuses a column of zeros
            table = [[np.sum(present[labels == y] == x) for y in set(labels)] for x in (0, 1)]
            test = chi2_contingency(table, correction=False, lambda_="log-likelihood")
            assert row.p_value == pytest.approx(test.pvalue, rel=1e-6)


def test_exact_independence_is_certain():
    """Here the sum of the information's terms rounds to just below 0, where no p-value is."""
    labels = [0] * 50 + [1] * 150
    token_lists = [["가"] if i % 50 < 5 else [] for i in range(200)]
    (row,) = suggest_stopwords(token_lists, labels)
    assert (row.information, row.p_value) == (0, 1)


def test_p_values_are_calibrated():
    """Of tokens unrelated to the label, min_p_value=0.05 passes about 95 in 100."""
    generator = np.random.default_rng(11)
    labels = generator.integers(2, size=2000)
    holds = generator.random((2000, 1000)) < 0.1
    token_lists = [[f"w{i}" for i in np.flatnonzero(row)] for row in holds]
    assert 0.93 < len(suggest_stopwords(token_lists, labels)) / 1000 < 0.97


def test_tokens_labels_and_iterators_of_any_kind():
    token_lists, labels = random_corpus()
    expected = suggest_stopwords(token_lists, labels)
    as_tokens = ([Token(form, "X", 0, 1) for form in forms] for forms in token_lists)
    assert suggest_stopwords(as_tokens, ["부정" if y else "긍정" for y in labels]) == expected
    twice = [forms * 2 for forms in token_lists]
    assert suggest_stopwords(twice, labels.tolist()) == expected, "presence counts, not frequency"


@pytest.mark.parametrize(
    ("settings", "tokens"),
    [
        pytest.param({"min_share": 0.5}, ["always", "neutral-often"], id="share"),
        pytest.param({"min_count": 4000}, ["always"], id="count"),
        pytest.param({"min_count": 4001}, [], id="more than there are"),
        pytest.param({"min_p_value": 1.0}, ["always"], id="certainly nothing"),
    ],
)
def test_suggestion_settings(settings, tokens):
    assert [row.token for row in suggest_stopwords(*random_corpus(), **settings)] == tokens


def test_negation_is_never_suggested():
    tokens = [*sorted(NEGATION), "않았다", "재미없다"]
    assert suggest_stopwords([tokens] * 200, [0, 1] * 100) == []


def test_tokens_too_rare_to_tell_are_not_suggested():
    """Among 4 texts of label 1 in 100, a token in 50 texts is expected twice: too few to judge."""
    token_lists = [["절반"] if i % 2 else [] for i in range(100)]
    assert suggest_stopwords(token_lists, [int(i < 4) for i in range(100)]) == []
    assert len(suggest_stopwords(token_lists, [int(i < 10) for i in range(100)])) == 1


@pytest.mark.parametrize(
    ("token_lists", "labels", "settings", "error", "message"),
    [
        pytest.param(["좋 다"], [1], {}, TypeError, "'좋 다'", id="text not cut"),
        pytest.param(
            [["좋"]] * 3, [0, 1], {}, ValueError, r"3 labels.*\(2,\)", id="too few labels"
        ),
        pytest.param([["좋"]] * 2, [[0], [1]], {}, ValueError, r"\(2, 1\)", id="labels in columns"),
        pytest.param([["좋"]] * 2, [1, 1], {}, ValueError, "differ", id="one label"),
        pytest.param([], [], {}, ValueError, "differ", id="no texts"),
        pytest.param(
            [["좋"]] * 2, [0, 1], {"min_share": 2}, ValueError, "from 0 to 1, got 2", id="share"
        ),
        pytest.param(
            [["좋"]] * 2, [0, 1], {"min_count": 0}, ValueError, "at least 1 .*, got 0", id="count"
        ),
        pytest.param(
            [["좋"]] * 2,
            [0, 1],
            {"min_p_value": -1},
            ValueError,
            "from 0 to 1, got -1",
            id="p value",
        ),
    ],
)
def test_refused_suggestions(token_lists, labels, settings, error, message):
    with pytest.raises(error, match=message):
        suggest_stopwords(token_lists, labels, **settings)


def test_texts_without_tokens_count_as_texts():
    token_lists = [["가"], []] * 100
    (row,) = suggest_stopwords(token_lists, [0, 0, 1, 1] * 50)
    assert row.document_share == 0.5
    assert suggest_stopwords([[]] * 4, [0, 1] * 2) == []
