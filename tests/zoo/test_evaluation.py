import numpy as np
import pytest
from sklearn.metrics import accuracy_score, classification_report

from koprep.zoo import evaluate


def test_figures_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    result = evaluate(true, predicted, ("a", "b", "c"))
    report = classification_report(true, predicted, output_dict=True)
    assert result.accuracy == accuracy_score(true, predicted)
    for number, row in enumerate(result.labels):
        oracle = report[str(number)]
        assert (row.precision, row.recall, row.f1, row.support) == tuple(oracle.values())


def test_a_label_that_never_occurs_scores_zero():
    result = evaluate(np.array([0, 0]), np.array([0, 0]), ("a", "b"))
    assert result.labels[1].recall == result.labels[1].precision == 0
    assert result.confusion == ((2, 0), (0, 0))


@pytest.mark.parametrize(("true", "predicted"), [([], []), ([0, 1], [0])])
def test_nothing_to_compare_is_refused(true, predicted):
    with pytest.raises(ValueError, match="as many predictions as labels"):
        evaluate(np.array(true), np.array(predicted), ("a", "b"))


def test_slices_by_length_hold_every_text_once():
    rng = np.random.default_rng(0)
    texts = ["가" * length for length in rng.integers(1, 60, 200)]
    true, predicted = rng.integers(0, 2, 200), rng.integers(0, 2, 200)
    result = evaluate(true, predicted, ("a", "b"), texts=texts)
    assert sum(part.examples for part in result.by_length) == 200
    for part in result.by_length:
        inside = [part.shortest <= len(text) <= part.longest for text in texts]
        assert sum(inside) == part.examples > 30
        assert part.accuracy == accuracy_score(true[inside], predicted[inside])


@pytest.mark.parametrize(
    ("lengths", "slices"),
    [
        pytest.param([3, 3, 3, 3], [(3, 3)], id="one length"),
        pytest.param([0], [(0, 0)], id="one empty text"),
        pytest.param([1, 9, 9, 9], [(1, 1), (9, 9)], id="most of one length"),
    ],
)
def test_texts_of_one_length_are_never_parted(lengths, slices):
    labels = np.zeros(len(lengths), int)
    result = evaluate(labels, labels, ("a", "b"), texts=["가" * length for length in lengths])
    assert [(part.shortest, part.longest) for part in result.by_length] == slices


def test_the_most_confident_mistakes_come_first():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]])
    texts = ["right", "sure and wrong", "unsure and wrong", "wrong"]
    result = evaluate(np.zeros(4, int), probabilities, ("a", "b"), texts=texts, mistakes=2)
    assert [(row.text, row.label, row.predicted) for row in result.mistakes] == [
        ("sure and wrong", "a", "b"),
        ("wrong", "a", "b"),
    ]
    assert result.mistakes[0].probability == 0.8
    assert result.accuracy == 0.25
    with pytest.raises(ValueError, match="need probabilities"):
        evaluate(np.zeros(1, int), np.zeros(1, int), ("a", "b"), texts=["t"], mistakes=1)


@pytest.mark.parametrize(
    ("true", "texts", "message"),
    [
        ([0, 2], None, "label 2 has no name among a, b"),
        ([0, 1], ["t"], "2 texts, one a label, got 1"),
    ],
)
def test_labels_and_texts_that_do_not_fit_are_refused(true, texts, message):
    with pytest.raises(ValueError, match=message):
        evaluate(np.array(true), np.array([0, 1]), ("a", "b"), texts=texts or ())


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        pytest.param([[0.2], [0.9]], "a column of probabilities for each of a, b, got 1", id="one"),
        pytest.param([0, 5], "label 5 has no name among a, b", id="label"),
    ],
)
def test_what_is_no_prediction_is_refused(predictions, message):
    with pytest.raises(ValueError, match=message):
        evaluate(np.array([0, 1]), np.array(predictions), ("a", "b"))


def test_texts_may_come_in_an_array():
    texts = np.array(["t", "text"])
    result = evaluate(np.array([0, 1]), np.array([0, 1]), ("a", "b"), texts=texts)
    assert sum(part.examples for part in result.by_length) == 2
